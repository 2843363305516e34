import {
  auditPath,
  managementPath,
  problems,
  problemType,
  type ProblemBody,
  type ProblemCode,
} from '@signet/contracts';
import type { PageFailure } from '../http/failure.js';
import type { HttpReply, HttpRequest } from '../http/types.js';
import type { ManagementProblem } from './management-problem.js';

/** Whether a failure is told as a problem: by the Management API, and by the audit log. It shapes an answer and guards nothing, so the path may say. */
export function tellsProblems(request: HttpRequest): boolean {
  const path = request.routeOptions.url ?? request.raw.url ?? '';
  return [managementPath, auditPath].some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** RFC 9457. */
export function sendProblem(reply: HttpReply, code: ProblemCode, more: Partial<ProblemBody> = {}): void {
  const { status, title } = problems[code];
  const body: ProblemBody = { type: `urn:signet:problem:${code}`, title, status, ...more };
  // Bytes: to text Fastify would add a charset, which the type has no parameter for.
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  void reply.status(status).header('Cache-Control', 'no-store').type(problemType).send(bytes);
}

export function sendManagementProblem(reply: HttpReply, { code, detail, errors, headers }: ManagementProblem): void {
  void reply.headers(headers);
  sendProblem(reply, code, { detail, ...(errors.length > 0 && { errors: [...errors] }) });
}

const codes: Readonly<Record<number, ProblemCode>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'timeout',
  413: 'too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  500: 'server-error',
  503: 'unavailable',
};

/** What failed before or beside the handler's own judgement. */
export function sendFailure(reply: HttpReply, failure: PageFailure): void {
  const code = codes[failure.status] ?? 'invalid-request';
  // RFC 5789 section 2.2; RFC 9110 section 15.5.16.
  if (failure.status === 415) void reply.header('Accept-Patch', 'application/merge-patch+json, application/json');
  sendProblem(reply, code, failure.kind === 'server-error' ? { trace_id: failure.traceId } : {});
}
