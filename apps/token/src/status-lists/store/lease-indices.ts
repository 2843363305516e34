import { int8, statement } from '@signet/persistence';
import { z } from 'zod';

/** Gives indices that nobody has been given, `size` from `first` on. */
export const leaseIndices = statement<{ readonly tenantId: string; readonly size: number }, { first: number }>({
  name: 'token.status-lease.take',
  text: `insert into status_lease as lease (tenant_id, next) values ($1, $2)
    on conflict (tenant_id) do update set next = lease.next + excluded.next
    returning next - $2 as first`,
  parameters: (p) => [p.tenantId, p.size],
  row: z.object({ first: int8 }),
});

/** The first index that nobody has been given; no row where none was ever given. */
export const leasedIndices = statement<{ readonly tenantId: string }, number>({
  name: 'token.status-lease.read',
  text: 'select next from status_lease where tenant_id = $1',
  parameters: ({ tenantId }) => [tenantId],
  row: z.object({ next: int8 }).transform(({ next }) => next),
});
