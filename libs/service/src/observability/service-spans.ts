import { callContext, MeshError, type Span, type SpanAttributes, type Spans } from '@signet/messaging';
import type { StatementTrace } from '@signet/persistence';

/** A service's spans. */
export interface ServiceSpans extends Spans {
  /** The span of a request that comes in: here it is decided whether its trace is collected. */
  enter(parent: string | undefined, name: string, attributes: SpanAttributes): Span;
}

/** A span for each statement of a request's: its name, and never its text or what it was given. */
export function traceStatements(spans: Spans): StatementTrace {
  return (statement) => {
    const span = spans.within(callContext.getStore()?.traceparent, 'client', statement, {
      'db.system.name': 'postgresql',
      'db.query.summary': statement,
    });
    return (
      span &&
      ((error) => {
        span.end({ fault: error === undefined ? undefined : kindOf(error) });
      })
    );
  };
}

/** Its class: a message may hold anything. */
export const kindOf = (error: unknown): string => {
  if (error instanceof MeshError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
};
