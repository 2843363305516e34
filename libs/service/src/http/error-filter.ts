import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import type { ServiceConfiguration } from '../configuration/service-configuration.js';
import type { ServiceLogger } from '../observability/service-logger.js';
import { ManagementProblem } from '../management/management-problem.js';
import { tellsProblems, sendFailure, sendManagementProblem } from '../management/problem-answer.js';
import { sendToldError, type ErrorForm } from './error-form.js';
import { classify, type PageFailure } from './failure.js';
import { findTenantOf } from '../tenancy/tenant-of.js';
import { traceOf } from './request-context.js';
import type { HttpReply, HttpRequest } from './types.js';

/** Makes the page that a person sees of a failure. */
export type ErrorPage = (
  failure: PageFailure,
  request: HttpRequest,
  about: { readonly issuer: string; readonly tenant: Tenant | undefined },
) => { html: string; headers: Readonly<Record<string, string>> };

/** The one place where failures become HTTP: expected ones by their kind, bugs as a 500 with the id that their log line has. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: ServiceLogger,
    private readonly configuration: Pick<ServiceConfiguration, 'issuer'>,
    private readonly errorPage: ErrorPage | undefined,
    private readonly errorForm?: ErrorForm,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<HttpRequest>(), http.getResponse<HttpReply>());
  }

  answer(thrown: unknown, request: HttpRequest, reply: HttpReply): void {
    if (thrown instanceof ManagementProblem && tellsProblems(request)) {
      if (!reply.sent) sendManagementProblem(reply, thrown);
      return;
    }
    const form = this.#formFor(request);
    const own = form?.ofThrown(thrown);
    if (own) {
      if (!reply.sent) sendToldError(reply, own);
      return;
    }
    const failure = this.#describe(thrown, request);
    // The handler may have answered before it failed, or the time limit may have answered for it.
    if (reply.sent) return;
    void reply.status(failure.status).header('Cache-Control', 'no-store');
    if (failure.retryAfterSeconds !== undefined) void reply.header('Retry-After', String(failure.retryAfterSeconds));
    if (tellsProblems(request)) {
      sendFailure(reply, failure);
      return;
    }
    if (form) {
      sendToldError(reply, form.ofFailure(failure));
      return;
    }
    if (this.errorPage) {
      const about = { issuer: this.configuration.issuer, tenant: findTenantOf(request) };
      const { html, headers } = this.errorPage(failure, request, about);
      void reply.headers(headers).send(html);
      return;
    }
    if (failure.kind === 'not-found') {
      void reply.type('text/plain; charset=utf-8').send('Not Found\n');
      return;
    }
    // RFC 6749 section 5.2; the description names what the log can be searched for.
    const more = failure.kind === 'server-error' ? ` (${failure.traceId})` : '';
    void reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ error: failure.code, error_description: failure.description + more }));
  }

  #formFor(request: HttpRequest): ErrorForm | undefined {
    const path = request.routeOptions.url ?? request.raw.url ?? '';
    return this.errorForm && path.startsWith(`${this.errorForm.path}/`) ? this.errorForm : undefined;
  }

  #describe(thrown: unknown, request: HttpRequest): PageFailure {
    const { traceId } = traceOf(request);
    const route = request.routeOptions.url;
    const known = classify(thrown);
    if (!known) {
      this.logger.error('http.failed', { route, error: thrown, trace_id: traceId });
      const description = 'Something went wrong';
      return { kind: 'server-error', status: 500, code: 'server_error', description, traceId };
    }
    if (known.status === 503)
      this.logger.warn('http.unavailable', { route, reason: reasonOf(thrown), trace_id: traceId });
    return { ...known, traceId };
  }
}

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'unknown');
