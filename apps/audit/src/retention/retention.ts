import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { entriesDropped, listTenants, retainedClasses, type RetainedClass, type Tenant } from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import { DatabaseUnavailable, type Database } from '@signet/persistence';
import type { EventFactory, ServiceLogger } from '@signet/service';
import { Overtaken } from '../log/appender.js';
import { lockWriter } from '../log/log-statements.js';
import { leastId, leastIdOf } from '../reading/find-entries.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { archivedLine } from './archived-line.js';
import type { Archive } from './archive.js';
import { dropEntries, raiseRetention, readAged, type AgedEntry } from './retention-statements.js';

const day = 86_400_000;
const tenantsAtOnce = 500;
const entriesAtOnce = 500;
/** Of a piece: to drop it takes the writer's lock. */
const mostEntries = 5_000;
/** Bytes of leaves, which are held in memory. */
const mostBytes = 16 * 1_024 ** 2;

const compressed = promisify(gzip);

interface Due {
  readonly tenant: Tenant;
  readonly class: RetainedClass;
  /** Milliseconds since the epoch. */
  readonly before: number;
  /** Of the signed tree: what no checkpoint covers is not let go of. */
  readonly size: number;
}

/** Lets go of entries whose time is up, a piece at a time: archived first, then dropped, in one transaction with the event that says so. */
export class Retention {
  constructor(
    private readonly on: {
      readonly database: Database;
      readonly requester: Requester;
      readonly events: EventFactory;
      readonly reader: Pick<TreeReader, 'signed'>;
      readonly logger: ServiceLogger;
      /** Undefined: what is dropped is gone. */
      readonly archive: Archive | undefined;
    },
  ) {}

  /** Throws Overtaken where `epoch` is not the writer's any more. What is wrong with one log holds up no other. */
  async round(epoch: number): Promise<void> {
    for await (const due of this.due()) {
      try {
        while ((await this.dropPiece(due, epoch)).more);
      } catch (error) {
        if (error instanceof Overtaken || error instanceof DatabaseUnavailable) throw error;
        this.on.logger.error('retention.failed', { tenant: due.tenant.id, class: due.class, error });
      }
    }
  }

  private async *due(): AsyncGenerator<Due> {
    const { requester, reader, database } = this.on;
    const today = Math.floor(database.now() / 1_000 / day) * day;
    let after: Tenant['id'] | undefined;
    do {
      const { tenants } = await requester.request(listTenants, { ...(after && { after }), limit: tenantsAtOnce });
      after = tenants.length < tenantsAtOnce ? undefined : tenants.at(-1)?.id;
      for (const tenant of tenants) {
        const ages = tenant.policies.auditRetention;
        const tree = ages && (await reader.signed(tenant.id));
        if (!tree) continue;
        for (const name of retainedClasses) {
          const age = ages[name];
          if (age !== undefined) yield { tenant, class: name, before: today - age * 1_000, size: tree.size };
        }
      }
    } while (after);
  }

  private async dropPiece(due: Due, epoch: number): Promise<{ readonly more: boolean }> {
    const { entries, more } = await this.piece(due);
    if (entries.length === 0) return { more };
    const indices = entries.map(({ index }) => index);
    const range = { first: Math.min(...indices), last: Math.max(...indices), count: entries.length };
    const kept = await this.archived(due, entries, range);
    const { database, events, logger } = this.on;
    const { id: tenantId } = due.tenant;
    const data = { class: due.class, before: new Date(due.before).toISOString(), ...range, ...kept };
    const dropped = events.make(entriesDropped, { tenantId, data, context: { actor: 'service:audit' } });
    await database.run(async (tx) => {
      if (!(await tx.first(lockWriter, { epoch }))) throw new Overtaken('another replica writes the log');
      const ids = entries.map(({ id }) => id);
      const gone = await tx.first(dropEntries, { tenantId, class: due.class, ids });
      if (gone?.count !== entries.length) throw new Error('some of it is gone already');
      await tx.execute(raiseRetention, { tenantId, class: due.class, before: leastIdOf(due.before), dropped });
    });
    logger.info('retention.dropped', { tenant: tenantId, ...data });
    return { more };
  }

  private async piece({ tenant, class: name, before, size }: Due) {
    const entries: AgedEntry[] = [];
    let bytes = 0;
    for (;;) {
      const page = await this.on.database.execute(readAged, {
        ...{ tenantId: tenant.id, class: name, size, limit: entriesAtOnce },
        ...{ after: entries.at(-1)?.id ?? leastId, before: leastIdOf(before) },
      });
      for (const entry of page) {
        entries.push(entry);
        bytes += entry.leaf.length;
        if (entries.length === mostEntries || bytes >= mostBytes) return { entries, more: true };
      }
      if (page.length < entriesAtOnce) return { entries, more: false };
    }
  }

  private async archived(
    { tenant, class: name }: Due,
    entries: readonly AgedEntry[],
    { first, last }: { readonly first: number; readonly last: number },
  ) {
    const { archive } = this.on;
    if (!archive) return { archive: null, sha256: null };
    const content = await compressed(entries.map(archivedLine).join(''));
    const sha256 = createHash('sha256').update(content).digest('hex');
    const file = `${tenant.id}/${name}/${padded(first)}-${padded(last)}-${sha256.slice(0, 16)}.ndjson.gz`;
    await archive.keep(file, content);
    return { archive: file, sha256 };
  }
}

/** So that names are in the order of their numbers. */
const padded = (index: number): string => String(index).padStart(12, '0');
