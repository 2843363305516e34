import { deadBy, type Authentication, type DeadBy } from '@signet/contracts';
import { statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';
import { deadByOrder, floorsAgainst } from '../../floors/store/against.js';

const standing = floorsAgainst({
  tenant: 'asked.tenant_id',
  since: 'asked.since',
  client: 'null::text',
  account: 'asked.account_id',
  grant: 'null::uuid',
  session: 'asked.session_id',
});

interface Asked {
  readonly tenantId: string;
  readonly authentication: Pick<Authentication, 'accountId' | 'sessionId' | 'since'>;
}

/** Whether a floor stands against a sign-in as such, whatever client it is for. */
export const judgeSignIn = statement<Asked, { deadBy: DeadBy | null }>({
  name: 'token.sign-in.judge',
  text: `select (select held.kind from (${standing}) held order by array_position(${deadByOrder}, held.kind) limit 1) as "deadBy"
    from (select $1::uuid as tenant_id, $2::uuid as account_id, $3::uuid as session_id, ${timestampOf('$4')} as since) as asked`,
  parameters: ({ tenantId, authentication: a }) => [tenantId, a.accountId, a.sessionId, a.since],
  row: z.object({ deadBy: deadBy.nullable() }),
});
