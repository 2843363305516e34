import type { RecordedEvent } from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import type { FloorRow } from '../../floors/floor-index.js';
import { floorColumns, floorRow } from '../../floors/store/floor-row.js';
import { endInstance } from './end-instance.js';

export interface EndFamily {
  readonly tenantId: string;
  readonly clientId: string;
  readonly familyId: string;
  readonly ended: RecordedEvent;
}

/**
 * RFC 7009 section 2.1: a client gives its refresh token back, and the access tokens of the same instance end with it. Whatever
 * generation was presented. Gives no row where there is nothing of this client to end.
 */
export const endFamily = statement<EndFamily, FloorRow>({
  name: 'token.family.end',
  text: `with own as materialized (
    select tenant_id, instance_id from family where tenant_id = $1 and id = $2 and client_id = $3 and ended_at is null
  ), ${endInstance({ source: 'own', reason: `'revoked'`, familyEnded: '$4' })}
  select ${floorColumns} from floored f`,
  parameters: (p) => [p.tenantId, p.familyId, p.clientId, eventParameter(p.ended)],
  row: floorRow,
  records: true,
});
