import { definitionOf, classOfService, serviceNames, type Envelope, type EventClass } from '@signet/contracts';

/** What the log is asked by, and kept by, of an event's envelope. */
export interface Facets {
  readonly class: EventClass;
  readonly actor: string;
  readonly account: string | null;
  readonly client: string | null;
  readonly session: string | null;
  readonly failed: boolean;
  readonly trace: string | null;
}

/** W3C Trace Context section 3.2. */
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/** The trace's id, where there is one. */
export const traceOf = ({ traceparent: given }: Pick<Envelope, 'traceparent'>): string | undefined =>
  traceparent.exec(given ?? '')?.[1];

export function facetsOf(envelope: Envelope): Facets {
  const definition = definitionOf(envelope.type);
  return {
    class: definition?.class ?? classOfUnknown(envelope.source),
    actor: envelope.actor,
    account: envelope.subject?.replace(/^account:/, '') ?? null,
    client: envelope.client ?? null,
    session: envelope.session ?? null,
    failed: definition?.outcome === 'failure',
    trace: traceOf(envelope) ?? null,
  };
}

/** A newer version of its service has recorded it. */
function classOfUnknown(source: string): EventClass {
  const service = serviceNames.find((name) => source === `/signet/${name}`);
  return service ? classOfService[service] : 'audit';
}
