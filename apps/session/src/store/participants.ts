import { statement } from '@signet/persistence';
import { z } from 'zod';

/** Clients of a session that are told of its end by the browser, at most: those that came first. */
const most = 100;

/** Which clients take part in a session, in the order in which they came. */
export const participants = statement<{ tenantId: string; sessionId: string }, { clientId: string }>({
  name: 'session.participant.list',
  text: `
select client_id as "clientId" from participant where tenant_id = $1 and session_id = $2
order by joined_at, client_id limit ${most}`,
  parameters: (p) => [p.tenantId, p.sessionId],
  row: z.object({ clientId: z.string() }),
});
