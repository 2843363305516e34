import { eventId, type EventId, type ServiceName, type TenantId } from '@signet/contracts';
import { seal, type Keyring } from '@signet/keys';
import type { Outcome, ReceivedEvent } from '@signet/messaging';
import { Conflict, DatabaseUnavailable, StatementFailed, type Database, type Transaction } from '@signet/persistence';
import type { ServiceLogger } from '@signet/service';
import { NetworkIndex, type NetworkMacs } from '../personal/network-index.js';
import { networkIn, receivedPart, type ReceivedPart } from '../personal/received-part.js';
import { keepSubjectKeys, newSubjectKey, personalSubject, standingKeyring } from '../personal/subject-keys.js';
import { findRetention } from '../retention/retention-statements.js';
import { facetsOf } from './facets.js';
import { appendEntries, findStored, findVersions, lockWriter, type NewEntry } from './log-statements.js';
import type { RefusedEvents } from './refused-events.js';
import { aggregateKey, sequence, type Sequence, type Sequenced } from './sequence.js';

interface Incoming extends Sequenced {
  readonly received: ReceivedEvent;
  readonly part: ReceivedPart;
}

/** What became of a batch: what to answer for each event, and what each service may forget. */
export interface AppendResult {
  readonly outcomes: readonly Outcome[];
  readonly confirmed: ReadonlyMap<ServiceName, readonly EventId[]>;
  /** Whose logs have grown. */
  readonly tenants: ReadonlySet<TenantId>;
}

/** This writer has been overtaken by another; nothing was appended. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** What is stored of a personal part. */
interface KeptPart {
  readonly sealed: Uint8Array;
  readonly network: NetworkMacs | undefined;
}

/** Appends batches of events to the log: each exactly once, each aggregate in the order of its versions. */
export class Appender {
  private readonly networks: NetworkIndex;

  constructor(
    private readonly database: Database,
    private readonly keyring: Keyring,
    private readonly logger: ServiceLogger,
    private readonly refused: Pick<RefusedEvents, 'tell'>,
  ) {
    this.networks = new NetworkIndex(keyring);
  }

  /** Throws Overtaken where `epoch` is not the writer's any more. */
  async append(batch: readonly ReceivedEvent[], epoch: number): Promise<AppendResult> {
    try {
      return await this.together(batch, epoch);
    } catch (error) {
      if (error instanceof Overtaken || error instanceof DatabaseUnavailable) throw error;
      // Postgres refuses a row: whoever came with it must not wait for it.
      this.logger.error('log.append_refused', { events: batch.slice(0, 10).map(({ id }) => id), error });
      if (batch.length === 1) return { outcomes: [outcomeOf(error)], confirmed: new Map(), tenants: new Set() };
      const each: AppendResult[] = [];
      for (const event of batch) each.push(await this.append([event], epoch));
      return joined(each);
    }
  }

  private async together(batch: readonly ReceivedEvent[], epoch: number): Promise<AppendResult> {
    const incoming = batch.map((received) => ({
      received,
      part: receivedPart(this.keyring, received),
      id: received.id,
      tenantId: received.envelope.tenant,
      aggregate: received.envelope.aggregate,
      version: received.envelope.aggregateversion,
    }));
    const result = await this.database.run(async (tx) => {
      const writer = await tx.first(lockWriter, { epoch });
      if (!writer) throw new Overtaken('another replica writes the log');
      const ordered = await this.order(tx, incoming);
      if (ordered.append.length > 0) {
        const entries = await this.entries(tx, ordered.append);
        await tx.execute(appendEntries, { entries, ordinal: writer.ordinal });
      }
      return ordered;
    });
    for (const { id, received } of result.refused)
      this.refused.tell({ subject: received.subject, reason: 'version_taken', id, leaf: received.leaf });
    for (const { id, part } of result.early)
      if (part === 'sealed') this.logger.error('log.personal_part_sealed', { event: id });
    return this.settle(incoming, result);
  }

  private async order(tx: Transaction, incoming: readonly Incoming[]): Promise<Sequence<Incoming>> {
    const versions = new Map(
      (await tx.execute(findVersions, { aggregates: incoming })).map((known) => [aggregateKey(known), known.version]),
    );
    // What the log holds has a version that it knows; the others, nearly all, need not be looked for in each partition.
    const known = incoming.filter((event) => event.version <= (versions.get(aggregateKey(event)) ?? 0));
    const stored = known.length > 0 ? await tx.execute(findStored, { events: known }) : [];
    const ids = new Set(stored.map(({ id }) => id));
    for (const { id } of await this.letGo(
      tx,
      known.filter(({ id }) => !ids.has(id)),
    ))
      ids.add(id);
    // Its producer may have a newer keyring than this process; appended without its part, that would be lost for good.
    const sealed = incoming.filter(({ id, part }) => part === 'sealed' && !ids.has(id));
    const ordered = sequence(
      incoming.filter((event) => !sealed.includes(event)),
      { ids, versions },
    );
    return { ...ordered, early: [...ordered.early, ...sealed] };
  }

  /** Of events whose version the log knows, and that it does not hold: those that it held until retention dropped them. */
  private async letGo(tx: Transaction, events: readonly Incoming[]): Promise<Incoming[]> {
    if (events.length === 0) return [];
    const tenants = [...new Set(events.map(({ tenantId }) => tenantId))];
    const before = new Map(
      (await tx.execute(findRetention, { tenants })).map((of) => [`${of.tenantId} ${of.class}`, of.before]),
    );
    return events.filter(
      ({ id, tenantId, received }) => id < (before.get(`${tenantId} ${facetsOf(received.envelope).class}`) ?? ''),
    );
  }

  /** With each personal part moved from the key that it travelled under to its subject's own. */
  private async entries(tx: Transaction, events: readonly Incoming[]): Promise<NewEntry[]> {
    const wanted = new Map(
      events
        .filter(({ received }) => received.personal)
        .map(({ tenantId, received }) => {
          const of = { tenantId, subject: personalSubject(received.envelope) };
          return [keyOf(of), of] as const;
        }),
    );
    const made = [...wanted.values()].map((of) => newSubjectKey(this.keyring, of));
    const standing = made.length > 0 ? await tx.execute(keepSubjectKeys, { keys: made }) : [];
    const keys = new Map(standing.map((key) => [keyOf(key), standingKeyring(this.keyring, key)]));
    return events.map((event) => {
      const { envelope, leaf, subject, streamCreated, sequence: streamSequence } = event.received;
      const personal = this.personal(event, keys);
      return {
        ...{ id: event.id, tenantId: event.tenantId, subject, type: envelope.type },
        ...{ aggregate: event.aggregate, version: event.version, leaf, streamCreated, streamSequence },
        ...facetsOf(envelope),
        networkAddress: personal?.network?.address ?? null,
        networkPrefix: personal?.network?.prefix ?? null,
        personal: personal?.sealed ?? null,
        personalSubject: personal ? personalSubject(envelope) : null,
      };
    });
  }

  private personal(
    { id, tenantId, received, part }: Incoming,
    keys: ReadonlyMap<string, Keyring | 'erased' | undefined>,
  ): KeptPart | undefined {
    if (part === 'none') return undefined;
    const key = keys.get(keyOf({ tenantId, subject: personalSubject(received.envelope) }));
    if (key === 'erased') return undefined;
    // Another replica's keyring may be ahead of this one's: appended without its part, that would be lost for good.
    if (!key) throw new Error("a subject's key does not open under this keyring");
    if (typeof part === 'string') {
      this.logger.error('log.personal_part_unfit', { event: id });
      return undefined;
    }
    const network = networkIn(part.bytes);
    return {
      sealed: seal(key, 'event', part.bytes, id),
      network: network === undefined ? undefined : this.networks.macsOf(tenantId, network),
    };
  }

  /** What is in the log, now or before, is confirmed; also again, so that a lost confirmation heals. */
  private settle(incoming: readonly Incoming[], result: Sequence<Incoming>): AppendResult {
    const early = new Set(result.early);
    const confirmed = new Map<ServiceName, EventId[]>();
    for (const { id, received } of [...result.append, ...result.stored]) {
      const service = received.envelope.source.replace('/signet/', '') as ServiceName;
      // One id that no outbox of ours could have made would have the whole confirmation refused.
      const own = eventId.safeParse(id);
      if (own.success) confirmed.set(service, [...(confirmed.get(service) ?? []), own.data]);
    }
    return {
      outcomes: incoming.map((event) => (early.has(event) ? 'later' : 'applied')),
      confirmed,
      tenants: new Set(result.append.map(({ received }) => received.envelope.tenant as TenantId)),
    };
  }
}

/** SQLSTATE: a value, a constraint on it, or an index that it is too large for. Not the state of the database. */
const ofTheEvent = /^(?:22|23|54000)/;

/** What became of one event that Postgres did not take. */
function outcomeOf(error: unknown): Outcome {
  const isItsFault =
    error instanceof Conflict || (error instanceof StatementFailed && ofTheEvent.test(error.code ?? ''));
  return isItsFault ? 'not_storable' : 'later';
}

function joined(parts: readonly AppendResult[]): AppendResult {
  const confirmed = new Map<ServiceName, EventId[]>();
  for (const part of parts)
    for (const [service, ids] of part.confirmed) confirmed.set(service, [...(confirmed.get(service) ?? []), ...ids]);
  return {
    outcomes: parts.flatMap(({ outcomes }) => outcomes),
    confirmed,
    tenants: new Set(parts.flatMap(({ tenants }) => [...tenants])),
  };
}

const keyOf = ({ tenantId, subject }: { tenantId: string; subject: string }) => `${tenantId} ${subject}`;
