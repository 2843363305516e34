import type { TenantId } from '@signet/contracts';
import type { RunningDirectory } from './running-directory.js';

/** What a test looks at in an event. */
export interface Leaf {
  readonly type: string;
  readonly aggregate: string;
  readonly actor: string;
  readonly aggregateversion: number;
  readonly reason?: string;
  readonly data: { readonly changed: string[]; readonly before: object; readonly after: object };
}

/** The events of a tenant that are recorded, of the aggregates that are like this. */
export async function recordedEvents(
  { database }: Pick<RunningDirectory, 'database'>,
  tenant: TenantId,
  aggregates = '%',
): Promise<Leaf[]> {
  const rows = await database.query<{ leaf: Buffer }>(
    `select leaf from directory.outbox where tenant_id = $1 and aggregate like $2 order by aggregate, aggregate_version`,
    [tenant, aggregates],
  );
  return rows.map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Leaf);
}

export const typesOf = (events: readonly Leaf[]): string[] =>
  events.map(({ type }) => type.replace(/^signet\.directory\.|\.v1$/g, ''));
