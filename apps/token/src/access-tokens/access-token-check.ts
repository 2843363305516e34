import { accountId, type Tenant } from '@signet/contracts';
import { unverifiedKeyId } from '@signet/keys';
import { ensureTokenBinding, fail, invalidToken, ok, type OAuthError, type Result } from '@signet/protocol';
import { AccessTokenChecks, type CheckedToken, type DirectoryCopies, type TokenCheck } from '@signet/service';
import type { Dpop } from '../dpop/dpop.js';
import { tenantKey } from '../floors/dead.js';
import type { Floors } from '../floors/floors.js';
import { TenantClients } from '../http/clients.js';
import type { KeySets } from '../keys/key-sets.js';
import type { AccessTokens, LiveAccessToken } from './access-tokens.js';
import type { Accounts } from './accounts.js';

export interface AccessTokenCheckParts {
  readonly keys: Pick<KeySets, 'ownerOf'>;
  readonly tokens: Pick<AccessTokens, 'read'>;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly copies: DirectoryCopies;
  readonly floors: Pick<Floors, 'minVersion'>;
  readonly dpop: Dpop;
}

/** Access tokens that were brought to another endpoint of ours, of whichever tenant; judged as /userinfo judges them. */
export class AccessTokenCheck extends AccessTokenChecks {
  constructor(private readonly on: AccessTokenCheckParts) {
    super();
  }

  async check(asked: TokenCheck): Promise<CheckedToken> {
    const tenant = await this.#tenantOf(asked.token);
    if (tenant === undefined) return refused(null, unknown(asked.scheme, 'tenant'));
    const live = await this.#live(tenant, asked);
    if (!live.ok) return refused(tenant, live.error);
    const { clientId, scopes, audience, rests } = live.value;
    const { id, slug, issuer } = tenant;
    return {
      outcome: 'live',
      tenant: { id, slug, issuer },
      clientId,
      accountId: rests.account === undefined ? null : accountId.parse(rests.account),
      scopes: [...scopes],
      audience: [...audience],
      ...(asked.proofs.length > 0 && { nonce: this.on.dpop.at(tenant).nonces.current() }),
    };
  }

  /** Whose key the token says that it is signed with. That it is, and that `iss` is this tenant's, is seen afterwards. */
  async #tenantOf(token: string): Promise<Tenant | undefined> {
    const { keys, copies, floors } = this.on;
    const kid = unverifiedKeyId(token);
    const id = kid === undefined ? undefined : await keys.ownerOf(kid);
    if (id === undefined) return undefined;
    const tenant = await copies.tenantById(id, await floors.minVersion(id, 'tenant_version', tenantKey));
    return tenant?.enabled === true ? tenant : undefined;
  }

  /** The token, alive, of an account and a client that may act now, and in the hands of whom it is bound to. */
  async #live(tenant: Tenant, asked: TokenCheck): Promise<Result<LiveAccessToken>> {
    const { scheme, token, proofs, method, path } = asked;
    const { tokens, accounts, copies, floors, dpop } = this.on;
    const live = await tokens.read(tenant, token);
    if (live === undefined) return fail(unknown(scheme, 'token'));
    if (asked.proven !== true) {
      const request = { proofs, method, url: new URL(tenant.issuer).origin + path };
      const bound = await ensureTokenBinding(live, { scheme, token }, request, dpop.at(tenant));
      if (!bound.ok) return bound;
    }
    const client = await new TenantClients(copies, floors, tenant).find(live.clientId);
    if (client?.client.enabled !== true) return fail(unknown(scheme, 'client'));
    if (live.rests.account === undefined) return ok(live);
    const account = await accounts.find(tenant.id, accountId.parse(live.rests.account));
    return account?.status === 'active' ? ok(live) : fail(unknown(scheme, 'account'));
  }
}

const unknown = (scheme: TokenCheck['scheme'], detail: string): OAuthError =>
  invalidToken('The access token is not valid', { scheme, detail });

function refused(
  tenant: Tenant | null,
  { error, errorDescription, status, headers, detail }: OAuthError,
): CheckedToken {
  return {
    outcome: 'refused',
    tenantId: tenant?.id ?? null,
    ...{ status, error, errorDescription },
    headers: { ...headers },
    reason: detail ?? error,
  };
}
