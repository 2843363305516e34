export { callContext, runWithContext, type CallContext, type ContextOptions } from './call-context.js';
export { connectNats, inboxPrefix, type ConnectOptions } from './connection.js';
export { deadLetters, raiseDeadLetters, type DeadLetter } from './dead-letters.js';
export {
  EventConsumer,
  type EventConsumerOptions,
  type Outcome,
  type Position,
  type Settled,
} from './event-consumer.js';
export { examineNats, type NatsFacts, type StreamFacts } from './examine.js';
export { linkOf, type Link } from './link.js';
export type { Log, LogLevel } from './log.js';
export { isMeshErrorCode, MeshError, type MeshErrorCode } from './mesh-error.js';
export { natsAccountsConfig, natsServerConfig, type NatsServerConfigOptions } from './nats-server-config.js';
export type { OutboxLease, OutboxPort, OutboxRow } from './outbox-port.js';
export { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
export { consumerPermissionsOf, permissionsOf, type SubjectPermissions } from './permissions.js';
export type { ReceivedEvent } from './received-event.js';
export { Requester, type RequesterOptions, type RequestOptions } from './requester.js';
export { Serves } from './serves.js';
export { installationIn } from './stream-metadata.js';
export { TlsFault, type NatsTlsFiles } from './tls-fault.js';
export type { Span, SpanAttributes, SpanKind, Spans } from './spans.js';
export { foreignTraitsOf, NatsRefused } from './refusal.js';
export { adoptStream, ensureStream, lookAtStream, type StreamState } from './stream.js';
export { ensureTenantConsumer, tenantConsumer } from './tenant-consumer.js';
export { followTenantEvents, type TenantEventsOptions } from './tenant-events.js';
export { NatsTransport, type NatsTransportOptions } from './transport.js';
export { refusals, type Buried, type Refusal } from './untaken-messages.js';
export { maxPayload } from './wire.js';
