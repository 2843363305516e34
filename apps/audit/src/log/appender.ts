import type { ServiceName } from '@signet/contracts';
import { seal, type Keyring } from '@signet/keys';
import type { Outcome, ReceivedEvent } from '@signet/messaging';
import type { Database, Transaction } from '@signet/persistence';
import { openPersonalPart, type ServiceLogger } from '@signet/service';
import { keepSubjectKeys, newSubjectKey, personalSubject, subjectKeyring } from '../personal/subject-keys.js';
import { appendEntries, findStored, findVersions, lockWriter, type NewEntry } from './log-statements.js';
import { aggregateKey, sequence, type Sequence, type Sequenced } from './sequence.js';

interface Incoming extends Sequenced {
  readonly received: ReceivedEvent;
}

/** What became of a batch: what to answer for each event, and what each service may forget. */
export interface Appended {
  readonly outcomes: readonly Outcome[];
  readonly confirmed: ReadonlyMap<ServiceName, readonly string[]>;
}

/** This writer has been overtaken by another; nothing was appended. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Appends batches of events to the log: each exactly once, each aggregate in the order of its versions. */
export class Appender {
  constructor(
    private readonly database: Database,
    private readonly keyring: Keyring,
    private readonly logger: ServiceLogger,
  ) {}

  /** Throws Overtaken where `epoch` is not the writer's any more. */
  async append(batch: readonly ReceivedEvent[], epoch: number): Promise<Appended> {
    const incoming = batch.map((received) => ({
      received,
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
    for (const { id, aggregate, version } of result.refused)
      this.logger.error('log.version_taken', { event: id, aggregate, version });
    return this.settle(incoming, result);
  }

  private async order(tx: Transaction, incoming: readonly Incoming[]): Promise<Sequence<Incoming>> {
    const stored = await tx.execute(findStored, { ids: incoming.map(({ id }) => id) });
    const versions = await tx.execute(findVersions, { aggregates: incoming });
    return sequence(incoming, {
      ids: new Set(stored.map(({ id }) => id)),
      versions: new Map(versions.map((known) => [aggregateKey(known), known.version])),
    });
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
    const keys = new Map(standing.map((key) => [keyOf(key), subjectKeyring(this.keyring, key)]));
    return events.map((event) => {
      const { envelope, leaf, subject, streamCreated, sequence: streamSequence } = event.received;
      const personal = this.personal(event, keys);
      return {
        ...{ id: event.id, tenantId: event.tenantId, subject, type: envelope.type },
        ...{ aggregate: event.aggregate, version: event.version, leaf, streamCreated, streamSequence },
        account: envelope.subject?.replace(/^account:/, '') ?? null,
        client: envelope.client ?? null,
        session: envelope.session ?? null,
        personal: personal ?? null,
        personalSubject: personal ? personalSubject(envelope) : null,
      };
    });
  }

  private personal(
    { id, tenantId, received }: Incoming,
    keys: ReadonlyMap<string, Keyring | undefined>,
  ): Uint8Array | undefined {
    if (!received.personal) return undefined;
    const opened = openPersonalPart(this.keyring, received.personal, id);
    const key = keys.get(keyOf({ tenantId, subject: personalSubject(received.envelope) }));
    if (!opened || opened.digest !== received.envelope.personaldigest || !key) {
      this.logger.error('log.personal_part_unfit', { event: id });
      return undefined;
    }
    return seal(key, 'event', opened.bytes, id);
  }

  /** What is in the log, now or before, is confirmed; also again, so that a lost confirmation heals. */
  private settle(incoming: readonly Incoming[], result: Sequence<Incoming>): Appended {
    const early = new Set(result.early);
    const confirmed = new Map<ServiceName, string[]>();
    for (const { id, received } of [...result.append, ...result.stored]) {
      const service = received.envelope.source.replace('/signet/', '') as ServiceName;
      confirmed.set(service, [...(confirmed.get(service) ?? []), id]);
    }
    return { outcomes: incoming.map((event) => (early.has(event) ? 'later' : 'applied')), confirmed };
  }
}

const keyOf = ({ tenantId, subject }: { tenantId: string; subject: string }) => `${tenantId} ${subject}`;
