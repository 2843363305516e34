import { serviceNames } from '@signet/contracts';
import { z } from 'zod';
import { until } from './programs.js';
import type { Plane } from './plane.js';

/** `aggregate` with its tenant: two tenants may have clients of one name. */
const row = z.object({
  id: z.string(),
  aggregate: z.string(),
  version: z.coerce.number(),
  type: z.string(),
  index: z.coerce.number(),
});
export type LoggedEvent = z.output<typeof row>;

/** Looks into the databases of a plane from outside, as an auditor of the test would. */
export class AuditLog {
  constructor(private readonly plane: Plane) {}

  /** Waits until every outbox is empty: audit has confirmed all that was committed. */
  async settled(seconds = 60): Promise<void> {
    await this.plane.query(async (client) => {
      await until(
        'every outbox to be empty',
        async () => {
          const counts = serviceNames.map((name) => `(select count(*) from ${name}.outbox)`).join(' + ');
          const { rows } = await client.query<{ waiting: string }>(`select ${counts} as waiting`);
          return rows[0]?.waiting === '0' || undefined;
        },
        seconds,
      );
    });
  }

  /** Waits until every service has forgotten the accounts that were erased. */
  async forgotten(): Promise<void> {
    await this.plane.query(async (client) => {
      await until('every service to have forgotten', async () => {
        const { rows } = await client.query<{ waiting: string }>(
          'select count(*) as waiting from directory.unforgotten',
        );
        return rows[0]?.waiting === '0' || undefined;
      });
    });
  }

  /** What the log holds of every tenant, in its order. */
  async entries(): Promise<LoggedEvent[]> {
    return this.plane.query(async (client) => {
      const { rows } = await client.query(
        `select id, tenant_id || ' ' || aggregate as aggregate, aggregate_version as version, type, index
          from audit.entry order by ordinal`,
      );
      return z.array(row).parse(rows);
    });
  }

  /** How many entries a tenant's log has. */
  async size(slug: string): Promise<number> {
    return this.plane.query(async (client) => {
      const { rows } = await client.query<{ size: number }>(
        `select size::int from audit.log_head where tenant_id = (select id from directory.tenant where slug = $1)`,
        [slug],
      );
      return rows[0]?.size ?? 0;
    });
  }

  /**
   * Has each service publish again what it published on these subjects (of SQL's `like`): all that came later first, then what came before it.
   * Gives how many events those were.
   */
  async replay(subjects: string): Promise<number> {
    return this.plane.query(async (client) => {
      const { rows } = await client.query<{ service: string; middle: string; count: string }>(
        `select split_part(subject, '.', 5) as service, count(*), percentile_disc(0.5) within group (order by ordinal) as middle
          from audit.entry where subject like $1 group by 1`,
        [subjects],
      );
      for (const { service, middle } of rows) {
        for (const half of ['>', '<=']) {
          await client.query(
            `insert into ${client.escapeIdentifier(service)}.outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf)
              select id, tenant_id, subject, aggregate, aggregate_version, leaf from audit.entry
              where subject like $1 and split_part(subject, '.', 5) = $2 and ordinal ${half} $3`,
            [subjects, service, middle],
          );
          await this.settled();
        }
      }
      return rows.reduce((sum, { count }) => sum + Number(count), 0);
    });
  }

  /** Each client that the directory has, by what its events call it, with its version. */
  async clients(): Promise<ReadonlyMap<string, number>> {
    return this.plane.query(async (client) => {
      const { rows } = await client.query<{ aggregate: string; version: number }>(
        `select tenant_id || ' client:' || client_id as aggregate, version from directory.client`,
      );
      return new Map(rows.map(({ aggregate, version }) => [aggregate, version]));
    });
  }
}
