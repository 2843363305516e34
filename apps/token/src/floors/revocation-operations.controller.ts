import {
  eventId,
  newId,
  revocationOperations,
  showId,
  type EventId,
  type Floor,
  type ShownRevocation,
  type TenantId,
} from '@signet/contracts';
import { Database } from '@signet/persistence';
import { DirectoryCopies, ManagementProblem, Operates, Operations, type Answer, type Input } from '@signet/service';
import { Revocations } from './revocations.js';

type Asked = Input<typeof revocationOperations.create>;

/** `/admin/v1/revocations`: one floor each, whatever lies under it. */
@Operations()
export class RevocationOperations {
  constructor(
    private readonly database: Database,
    private readonly copies: DirectoryCopies,
    private readonly revocations: Revocations,
  ) {}

  @Operates(revocationOperations.create)
  async create({ caller, body, once }: Asked): Promise<Answer<ShownRevocation>> {
    const { tenant, context } = caller;
    await this.#ensureThere(tenant.id, body);
    const floor = (raiseId: EventId) => floorOf(tenant.id, body, raiseId);
    const answer = await this.database.run((tx) =>
      once.in(tx, async () => {
        const raiseId = newId(eventId);
        await this.revocations.commitIn(tx, floor(raiseId), context);
        return { body: shown(raiseId, body) };
      }),
    );
    // It is dated after its commit; also by a repeat of a request that did not come so far.
    await this.revocations.raise([floor(eventId.parse(answer.body.id))], context);
    return answer;
  }

  /** A name mistyped must not look like something that has ended. */
  async #ensureThere(tenantId: TenantId, body: Asked['body']): Promise<void> {
    const missing = (pointer: string) =>
      new ManagementProblem('invalid-object', 'The object is not valid', {
        errors: [{ pointer, detail: 'names nothing that is there' }],
      });
    if (body.kind === 'account' && !(await this.copies.account(tenantId, body.account_id))) {
      throw missing('/account_id');
    }
    if (body.kind === 'client' && !(await this.copies.clientWithSecrets(tenantId, body.client_id)))
      throw missing('/client_id');
  }
}

function floorOf(tenantId: TenantId, body: Asked['body'], raiseId: EventId): Floor {
  const base = { raiseId, tenantId, reason: 'ended_by_administrator' };
  switch (body.kind) {
    case 'account':
      return { ...base, kind: 'account', accountId: body.account_id };
    case 'client':
      return { ...base, kind: 'client', clientId: body.client_id };
    case 'tenant':
      return { ...base, kind: 'tenant' };
  }
}

const shown = (id: EventId, body: Asked['body']): ShownRevocation => ({
  id,
  kind: body.kind,
  ...(body.kind === 'account' && { account_id: showId('acc', body.account_id) }),
  ...(body.kind === 'client' && { client_id: body.client_id }),
});
