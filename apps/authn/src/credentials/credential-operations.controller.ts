import {
  credentialOperations,
  passwordChanged,
  rfc3339,
  type AccountId,
  type ShownCredentials,
  type TenantId,
} from '@signet/contracts';
import { Database } from '@signet/persistence';
import {
  DirectoryCopies,
  EventFactory,
  Hasher,
  nothingThere,
  Operates,
  Operations,
  type Answer,
  type Input,
} from '@signet/service';
import { findPasswordChange, setPassword } from '../store/password.js';

/** `/admin/v1/credentials` */
@Operations()
export class CredentialOperations {
  constructor(
    private readonly database: Database,
    private readonly copies: DirectoryCopies,
    private readonly hasher: Hasher,
    private readonly events: EventFactory,
  ) {}

  @Operates(credentialOperations.read)
  async read({ caller, parameters }: Input<typeof credentialOperations.read>): Promise<Answer<ShownCredentials>> {
    const account = await this.#accountOf(caller.tenant.id, parameters.account_id);
    const changed = await this.database.first(findPasswordChange, account);
    return { body: { password: changed ? { changed_at: rfc3339(changed.changedAt) } : null } };
  }

  @Operates(credentialOperations.setPassword)
  async setPassword(input: Input<typeof credentialOperations.setPassword>): Promise<Answer<undefined>> {
    const { caller, parameters, body } = input;
    const { tenantId, accountId } = await this.#accountOf(caller.tenant.id, parameters.account_id);
    const hash = await this.hasher.hash(body.password.normalize('NFC'));
    const changed = this.events.make(passwordChanged, {
      ...{ tenantId, aggregate: accountId, account: accountId, context: caller.context },
      data: { by: 'administrator' },
    });
    const set = await this.database.first(setPassword, { tenantId, accountId, hash, changed });
    // It was erased meanwhile.
    if (!set) throw nothingThere();
    return { body: undefined };
  }

  async #accountOf(tenantId: TenantId, accountId: AccountId) {
    if (!(await this.copies.account(tenantId, accountId))) throw nothingThere();
    return { tenantId, accountId };
  }
}
