import type { HeldPermission } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import { Authorities, type Administrator } from '@signet/service';
import { accountAuthority, clientAuthority } from './authority-statements.js';

/** The directory's own: what somebody may administer is asked for anew by each call, so that nothing taken away is used once more. */
export class StoredAuthorities extends Authorities {
  constructor(private readonly database: Pick<Database, 'execute'>) {
    super();
  }

  of(administrator: Administrator): Promise<readonly HeldPermission[]> {
    const form = administrator.evenDisabled === true ? 'ever' : 'now';
    return 'accountId' in administrator
      ? this.database.execute(accountAuthority[form], administrator)
      : this.database.execute(clientAuthority[form], administrator);
  }
}
