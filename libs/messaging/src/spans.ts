import type { MeshErrorCode } from './mesh-error.js';

/** In OpenTelemetry's words. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';

/** Names and codes of our own; never anything that came with a request, nor an id of anybody. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

export interface Span {
  /** W3C Trace Context, for what happens within it. */
  readonly traceparent: string;
  /** `fault`: what went wrong, by its kind. Ends once. */
  end(told?: { readonly attributes?: SpanAttributes; readonly fault?: string | undefined }): void;
}

/** Where spans are told; absent while nobody collects them. */
export interface Spans {
  /** A span within `parent`. Undefined where that is no trace, or one that is not collected. */
  within(parent: string | undefined, kind: SpanKind, name: string, attributes?: SpanAttributes): Span | undefined;
}

export const isFault = (code: 'ok' | MeshErrorCode): boolean =>
  code === 'internal' || code === 'unavailable' || code === 'deadline_exceeded' || code === 'resource_exhausted';

/** How a request ended, as RPC spans say it. */
export const endOf = (code: 'ok' | MeshErrorCode) => ({
  attributes: { 'rpc.response.status_code': code },
  fault: isFault(code) ? code : undefined,
});

/** What both ends of a request say of it. */
export const rpcOf = (subject: string): SpanAttributes => ({ 'rpc.system.name': 'nats', 'rpc.method': subject });

/** What both ends of the event stream say of an event. */
export const messagingOf = (operation: 'send' | 'process', type: string): SpanAttributes => ({
  'messaging.system': 'nats',
  'messaging.operation.type': operation,
  'signet.event.type': type,
});
