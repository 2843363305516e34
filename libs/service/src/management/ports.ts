import { checkAccessToken, findAuthority, type AccountId, type HeldPermission, type TenantId } from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import type { z } from 'zod';

export type TokenCheck = z.input<typeof checkAccessToken.request>;
export type CheckedToken = z.output<typeof checkAccessToken.response>;

/** Where ManagementGuard has access tokens judged: by token over NATS, unless the service is token. Injected by this class. */
export abstract class AccessTokenChecks {
  abstract check(asked: TokenCheck): Promise<CheckedToken>;
}

/** Who asks for authority: the account, or the client where it acts for itself. */
export type Administrator = { readonly tenantId: TenantId; readonly evenDisabled?: boolean | undefined } & (
  { readonly accountId: AccountId } | { readonly clientId: string }
);

/** Where ManagementGuard learns what somebody holds now: of the directory over NATS, unless the service is the directory. */
export abstract class Authorities {
  abstract of(administrator: Administrator): Promise<readonly HeldPermission[]>;
}

export class RemoteAccessTokenChecks extends AccessTokenChecks {
  constructor(private readonly requester: Pick<Requester, 'request'>) {
    super();
  }

  check(asked: TokenCheck): Promise<CheckedToken> {
    return this.requester.request(checkAccessToken, asked);
  }
}

export class RemoteAuthorities extends Authorities {
  constructor(private readonly requester: Pick<Requester, 'request'>) {
    super();
  }

  async of(administrator: Administrator): Promise<readonly HeldPermission[]> {
    return (await this.requester.request(findAuthority, administrator)).permissions;
  }
}
