import { runWithContext, type Span } from '@signet/messaging';
import type { FastifyInstance } from 'fastify';
import { childSpan, parseTraceparent, traceparent, type Trace } from '../observability/traceparent.js';
import type { ServiceSpans } from '../observability/service-spans.js';
import type { HttpRequest } from './types.js';

/** Milliseconds that a request may take; whatever it asks of other services inherits what is left of it. */
export const requestDeadline = 4_500;

interface State {
  readonly trace: Trace;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly span?: Span | undefined;
}

const states = new WeakMap<HttpRequest['raw'], State>();

/** The span that this request is, of the caller's trace or of a new one. */
export function traceOf(request: HttpRequest): Trace {
  return stateOf(request).trace;
}

function stateOf(request: HttpRequest, spans?: ServiceSpans): State {
  let state = states.get(request.raw);
  if (!state) {
    const header = request.headers['traceparent'];
    const caller = typeof header === 'string' ? header : undefined;
    const span = spans && enter(request, spans, caller);
    const trace = parseTraceparent(span?.traceparent) ?? childSpan(parseTraceparent(caller));
    states.set(request.raw, (state = { trace, deadline: Date.now() + requestDeadline, span }));
  }
  return state;
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A request's endpoint by names of ours alone. */
export function endpointOf(request: HttpRequest): { readonly method: string; readonly route: string } {
  const method = methods.has(request.method) ? request.method : 'other';
  return { method, route: request.routeOptions.url ?? 'none' };
}

function enter(request: HttpRequest, spans: ServiceSpans, caller: string | undefined): Span {
  const { method, route } = endpointOf(request);
  return spans.enter(caller, `${method} ${route}`, { 'http.request.method': method, 'http.route': route });
}

/** Gives each request its trace, told in the answer, and its deadline, and opens both for all that the handler does. */
export function openRequestContexts(fastify: FastifyInstance, spans?: ServiceSpans): void {
  if (spans)
    fastify.addHook('onResponse', (request, reply, done) => {
      const { statusCode } = reply;
      stateOf(request).span?.end({
        attributes: { 'http.response.status_code': statusCode },
        fault: statusCode >= 500 ? String(statusCode) : undefined,
      });
      done();
    });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { trace, deadline } = stateOf(request, spans);
    const header = traceparent(trace);
    void reply.header('traceparent', header).header('X-Content-Type-Options', 'nosniff');
    // Fastify binds what follows to this context, the reading of the body included.
    runWithContext({ traceparent: header, deadline }, done);
  });
}
