import { tenantId } from '@signet/contracts';
import { bytea, int8, statement } from '@signet/persistence';
import { z } from 'zod';
import { typeCondition, type TypeFilter } from './type-filter.js';

const rangeRow = z.object({
  tenantId,
  index: int8,
  id: z.string(),
  type: z.string(),
  aggregate: z.string(),
  leaf: bytea,
  personal: bytea.nullable(),
  personalSubject: z.string().nullable(),
});
/** An entry as consumers of the log read it. */
export type RangeRow = Readonly<z.infer<typeof rangeRow>>;

export interface LogRange {
  readonly tenantId: string;
  readonly from: number;
  /** Exclusive. */
  readonly upTo: number;
  readonly types: TypeFilter;
  readonly limit: number;
}

const text = (also = '') =>
  `select tenant_id as "tenantId", index, id, type, aggregate, leaf, personal, personal_subject as "personalSubject"
    from entry where tenant_id = $1 and index >= $2 and index < $3 and ${typeCondition('$4', '$5')}${also}
    order by index limit $6`;
const parameters = ({ tenantId: tenant, from, upTo, types, limit }: LogRange) => [
  ...[tenant, from, upTo],
  ...types.values,
  limit,
];

/** A tenant's entries in their order. What retention has dropped is not among them. */
export const readRange = statement<LogRange, RangeRow>({
  name: 'audit.entry.read-range',
  text: text(),
  parameters,
  row: rangeRow,
});

/** The same of those whose ids, which are their times, lie between: of the others, partitions are passed over as a whole. */
export const readRangeBetween = statement<LogRange & { readonly since: string; readonly until: string }, RangeRow>({
  name: 'audit.entry.read-range-between',
  text: text(' and id >= $7::uuid and id < $8::uuid'),
  parameters: ({ since, until, ...range }) => [...parameters(range), since, until],
  row: rangeRow,
});

/** How many entries the logs of these tenants have. */
export const readSizes = statement<{ tenants: readonly string[] }, { tenantId: string; size: number }>({
  name: 'audit.log-head.read-sizes',
  text: 'select tenant_id as "tenantId", size from log_head where tenant_id = any($1::uuid[])',
  parameters: ({ tenants }) => [tenants],
  row: z.object({ tenantId: z.string(), size: int8 }),
});
