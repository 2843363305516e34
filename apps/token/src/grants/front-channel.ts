import { claimsOfScopes, type ClaimNames } from '@signet/claims';
import {
  instanceId,
  newId,
  sidOf,
  type FrontChannelTokens,
  type GrantIssued,
  type InstanceId,
  type issueGrant,
  type Tenant,
} from '@signet/contracts';
import { frontChannelAuthorization, type GrantFacts, type RegisteredClient, type TokenMinter } from '@signet/protocol';
import type { ClientKeys, DirectoryCopies } from '@signet/service';
import type { z } from 'zod';
import { ensureSigningKeys } from '../access-tokens/ensure-signing-keys.js';
import { RequestMinter, type MinterDeps } from '../access-tokens/token-minter.js';
import { EncryptingMinter } from '../client-encryption/encrypting-minter.js';
import type { Floors } from '../floors/floors.js';
import { TenantClients } from '../http/clients.js';
import type { StatusIndices } from '../status-lists/status-indices.js';
import { StatusPlaces, type ReservedPlace } from '../status-lists/status-places.js';
import { newTokenId } from './token-id.js';

export type GrantRequest = z.output<typeof issueGrant.request>;

export interface FrontChannelDeps extends MinterDeps {
  readonly copies: DirectoryCopies;
  readonly clientKeys: Pick<ClientKeys, 'encryptionKey'>;
  readonly floors: Pick<Floors, 'minVersion'>;
  readonly indices: StatusIndices;
}

type Unprepared = Extract<GrantIssued, { outcome: 'dead' | 'no_encryption_key' }>;

/** What will be issued once the statement has allowed it: everything that could fail has been done by then. */
export interface PreparedTokens {
  /** What the access token rests on: ended by the session's end, or by itself. */
  readonly instance: InstanceId;
  /** The access token's `jti`. */
  readonly tokenId: string;
  /** The access token's, if it gets it. */
  readonly place: ReservedPlace | undefined;
  /** `listed`: whether it got its place. */
  issue(grantId: string, listed: boolean): Promise<FrontChannelTokens>;
  /** Once the statement has refused: the place goes to another token. */
  giveUp(): void;
}

/** Tokens that the authorization endpoint itself hands out (OpenID Connect Core 1.0 sections 3.2 and 3.3). */
export class FrontChannel {
  constructor(private readonly deps: FrontChannelDeps) {}

  /** What stands in the way where client or tenant are no more, or the ID token could not be encrypted. */
  async prepare(request: GrantRequest, sub: string): Promise<PreparedTokens | Unprepared> {
    const { copies, floors, keys, clientKeys } = this.deps;
    const tenant = await copies.tenantById(request.tenantId);
    const found = tenant && (await new TenantClients(copies, floors, tenant).find(request.clientId));
    if (tenant === undefined || found === undefined) return { outcome: 'dead', by: 'client' };
    const alg = request.front?.idToken?.alg ?? found.client.idTokenSignedResponseAlg;
    const registered = { ...found, client: { ...found.client, idTokenSignedResponseAlg: alg } };
    await ensureSigningKeys(keys, tenant.id, registered);
    const minter = new EncryptingMinter(
      new RequestMinter(this.deps, tenant, () => registered.resourceServers),
      clientKeys,
    );
    if (request.front?.idToken && !(await minter.prepare(registered.client)).ok)
      return { outcome: 'no_encryption_key' };
    const [instance, tokenId] = [newId(instanceId), newTokenId()];
    const places = new StatusPlaces(this.deps.indices, tenant, () => registered.resourceServers);
    const place = request.front?.accessToken === true ? await places.reserve(tokenId) : undefined;
    return {
      instance,
      tokenId,
      place,
      issue: (grant, listed) =>
        this.#issue(request, {
          tenant,
          registered,
          minter,
          tokenId,
          statusIndex: places.settle(place, listed),
          facts: factsOf(request, { instance, grant, sub }),
        }),
      giveUp: () => {
        places.settle(place, false);
      },
    };
  }

  async #issue(
    { front }: GrantRequest,
    prepared: {
      readonly tenant: Tenant;
      readonly registered: RegisteredClient;
      readonly minter: TokenMinter;
      readonly tokenId: string;
      readonly statusIndex: number | undefined;
      readonly facts: GrantFacts;
    },
  ): Promise<FrontChannelTokens> {
    const { tenant, minter } = prepared;
    const authorization = frontChannelAuthorization({ ...prepared, issuer: tenant.issuer });
    const { scopes } = authorization;
    const accessToken = front?.accessToken === true ? await minter.accessToken(authorization) : undefined;
    if (front?.idToken === undefined)
      return accessToken ? { accessToken: { ...accessToken, scopes: [...scopes] } } : {};
    const { cHash, sHash } = front.idToken;
    return {
      ...(accessToken && { accessToken: { ...accessToken, scopes: [...scopes] } }),
      idToken: await minter.idToken(authorization, { accessToken: accessToken?.token, cHash, sHash }),
    };
  }
}

/** OpenID Connect Core 1.0 section 5.4: where no access token is issued, here or for a code, the ID token tells what scopes ask for. */
function claimsOf({ code, front, scopes, claims }: GrantRequest): ClaimNames {
  const { idToken, userinfo } = claims ?? { idToken: [], userinfo: [] };
  const alone = code === undefined && front?.accessToken !== true;
  return { idToken: alone ? [...claimsOfScopes(scopes), ...idToken] : idToken, userinfo };
}

function factsOf(
  request: GrantRequest,
  { instance, grant, sub }: { readonly instance: string; readonly grant: string; readonly sub: string },
): GrantFacts {
  const { authentication, clientId, scopes, resources, nonce } = request;
  const { sessionId, accountId, since, authTime, acr, amr, sessionExpiresAt } = authentication;
  return {
    instance,
    grant,
    account: accountId,
    sub,
    session: sessionId,
    sid: sidOf(sessionId, clientId),
    since,
    scopes,
    resources,
    authTime,
    acr,
    amr,
    nonce,
    claims: claimsOf(request),
    expiresAt: sessionExpiresAt,
  };
}
