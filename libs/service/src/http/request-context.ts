import { runWithContext } from '@signet/messaging';
import type { FastifyInstance } from 'fastify';
import { childSpan, parseTraceparent, traceparent, type Trace } from '../observability/traceparent.js';
import type { HttpRequest } from './types.js';

/** Milliseconds that a request may take; whatever it asks of other services inherits what is left of it. */
export const requestDeadline = 4_500;

interface State {
  readonly trace: Trace;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

const states = new WeakMap<HttpRequest['raw'], State>();

/** The span that this request is, of the caller's trace or of a new one. */
export function traceOf(request: HttpRequest): Trace {
  return stateOf(request).trace;
}

function stateOf(request: HttpRequest): State {
  let state = states.get(request.raw);
  if (!state) {
    const header = request.headers['traceparent'];
    const trace = childSpan(parseTraceparent(typeof header === 'string' ? header : undefined));
    states.set(request.raw, (state = { trace, deadline: Date.now() + requestDeadline }));
  }
  return state;
}

/** Gives each request its trace, told in the answer, and its deadline, and opens both for all that the handler does. */
export function openRequestContexts(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { trace, deadline } = stateOf(request);
    const header = traceparent(trace);
    void reply.header('traceparent', header).header('X-Content-Type-Options', 'nosniff');
    // Fastify binds what follows to this context, the reading of the body included.
    runWithContext({ traceparent: header, deadline }, done);
  });
}
