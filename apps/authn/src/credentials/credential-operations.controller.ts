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
  Authorities,
  covers,
  DirectoryCopies,
  EventFactory,
  FloorRaiser,
  Hasher,
  ManagementProblem,
  nothingThere,
  Operates,
  Operations,
  type Answer,
  type Caller,
  type Input,
} from '@signet/service';
import { isSoundPassword, normalizePassword } from '../sign-in/sound-password.js';
import { findPasswordChange, setPassword } from '../store/password.js';
import { endsSessions, passwordFloors } from './password-floor.js';

/** `/admin/v1/credentials` */
@Operations()
export class CredentialOperations {
  constructor(
    private readonly database: Database,
    private readonly copies: DirectoryCopies,
    private readonly hasher: Hasher,
    private readonly events: EventFactory,
    private readonly authorities: Authorities,
    private readonly floors: FloorRaiser,
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
    await this.#ensureMayBecome(caller, accountId);
    const password = normalizePassword(body.password);
    if (!isSoundPassword(password)) {
      const errors = [{ pointer: '/password', detail: 'has 8 to 1,024 characters after NFC' }];
      throw new ManagementProblem('invalid-object', 'The object is not valid', { errors });
    }
    const hash = await this.hasher.hash(password);
    const changed = this.events.make(passwordChanged, {
      ...{ tenantId, aggregate: accountId, account: accountId, context: caller.context },
      data: { by: 'administrator' },
    });
    const ends = await endsSessions(this.copies, tenantId);
    const set = await this.database.run(async (tx) => {
      const done = await tx.first(setPassword, { tenantId, accountId, hash, changed });
      if (ends) await this.floors.add(tx, passwordFloors(done, { tenantId, accountId, changed }));
      return done;
    });
    // It was erased meanwhile.
    if (!set) throw nothingThere();
    await this.floors.raise([changed.id]);
    return { body: undefined };
  }

  /** Whoever sets a password can sign in as its account: so nobody does who may not do all that the account may. */
  async #ensureMayBecome(caller: Caller, accountId: AccountId): Promise<void> {
    const administrator = { tenantId: caller.tenant.id, accountId, evenDisabled: true };
    if (!covers(caller, await this.authorities.of(administrator))) {
      throw new ManagementProblem('insufficient-permission', 'The account may administer what you may not');
    }
  }

  async #accountOf(tenantId: TenantId, accountId: AccountId) {
    if (!(await this.copies.account(tenantId, accountId))) throw nothingThere();
    return { tenantId, accountId };
  }
}
