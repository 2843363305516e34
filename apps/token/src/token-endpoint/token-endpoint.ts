import { clientRefused, codeRefused, deviceRefused, refreshRefused } from '@signet/contracts';
import { digests, refreshMac } from '@signet/keys';
import {
  authorizationCodeGrant,
  clientCredentialsGrant,
  DEVICE_CODE_GRANT_TYPE,
  deviceCodeGrant,
  handleTokenRequest,
  ok,
  refreshTokenGrant,
  type Grant,
  type TokenEndpointOutcome,
  type TokenEndpointRequest,
} from '@signet/protocol';
import type { ClientKeys, DirectoryCopies, EventFactory } from '@signet/service';
import type { Database } from '@signet/persistence';
import { ensureSigningKeys } from '../access-tokens/ensure-signing-keys.js';
import { RequestMinter, type MinterDeps } from '../access-tokens/token-minter.js';
import type { ClientProofs } from '../client-authentication/client-proofs.js';
import { EncryptingMinter } from '../client-encryption/encrypting-minter.js';
import { DevicePolls } from '../devices/device-polls.js';
import { endpointsOf } from '../discovery/endpoints.js';
import type { Dpop } from '../dpop/dpop.js';
import type { Floors } from '../floors/floors.js';
import { CodeRedemptions } from '../grants/code-redemptions.js';
import { FamilyRotations } from '../grants/family-rotations.js';
import { OwnTokens } from '../grants/own-tokens.js';
import { newTokenId } from '../grants/token-id.js';
import type { ClientBuckets } from '../http/client-buckets.js';
import { TenantClients } from '../http/clients.js';
import type { Exchange } from '../http/exchange.js';
import { isRefusal, type Refusals } from '../http/refusals.js';
import type { ListedTokens } from '../status-lists/listed-tokens.js';
import type { StatusIndices } from '../status-lists/status-indices.js';
import { StatusPlaces } from '../status-lists/status-places.js';

export interface TokenEndpointParts extends MinterDeps {
  readonly database: Database;
  readonly copies: DirectoryCopies;
  readonly clientKeys: Pick<ClientKeys, 'encryptionKey'>;
  readonly floors: Floors;
  readonly dpop: Dpop;
  readonly events: EventFactory;
  readonly refusals: Refusals;
  readonly buckets: ClientBuckets;
  readonly proofs: ClientProofs;
  readonly indices: StatusIndices;
  readonly listed: ListedTokens;
}

/** The protocol's token endpoint with our stores behind its ports, for one request at a time. */
export class TokenEndpoint {
  constructor(private readonly parts: TokenEndpointParts) {}

  async handle(request: TokenEndpointRequest, exchange: Exchange): Promise<TokenEndpointOutcome> {
    const { parts } = this;
    const { tenant } = exchange;
    const clients = new TenantClients(parts.copies, parts.floors, tenant);
    const placing = { ...parts, places: new StatusPlaces(parts.indices, tenant, () => clients.resourceServers) };
    const codes = new CodeRedemptions(placing, exchange);
    const families = new FamilyRotations(placing, exchange);
    const devices = new DevicePolls(placing, exchange);
    const signing = new RequestMinter(parts, tenant, () => clients.resourceServers);
    const minter = new EncryptingMinter(signing, parts.clientKeys);
    const outcome = await handleTokenRequest(request, {
      issuer: tenant.issuer,
      endpoint: endpointsOf(tenant).token,
      dpop: parts.dpop.at(tenant),
      clients,
      digests,
      assertions: parts.proofs.at(tenant, '/token'),
      grants: [
        authorizationCodeGrant({ codes, digests }),
        refreshTokenGrant({ families, digests, mac: refreshMac(parts.keyring) }),
        clientCredentialsGrant({ tokens: new OwnTokens(placing, exchange) }),
        deviceCodeGrant({ devices, digests }),
      ].map((grant) => this.#guarded(grant, exchange, minter)),
      minter,
      newTokenId,
    });
    const recorded = codes.recorded || families.recorded || devices.recorded;
    if (outcome.kind === 'error' && !recorded) await this.#record(outcome, exchange);
    return outcome;
  }

  /** What must be so before a right is spent: the client is within its rate, and the keys that sign and encrypt are at hand. */
  #guarded(grant: Grant, exchange: Exchange, minter: EncryptingMinter): Grant {
    const { buckets, keys } = this.parts;
    return {
      ...grant,
      handle: async (context) => {
        buckets.take(exchange, context.client);
        await ensureSigningKeys(keys, exchange.tenant.id, context);
        // A client on its own behalf gets no ID token.
        const prepared =
          grant.grantType === 'client_credentials' ? ok(undefined) : await minter.prepare(context.client);
        return prepared.ok ? grant.handle(context) : prepared;
      },
    };
  }

  async #record(outcome: TokenEndpointOutcome & { kind: 'error' }, exchange: Exchange): Promise<void> {
    const { error, client, grantType } = outcome;
    if (!isRefusal(error)) return;
    const reason = error.detail ?? error.error;
    const { refusals } = this.parts;
    if (ofGrant.has(error.error)) {
      await refusals.record(refusedOf(grantType), exchange, { client, reason, data: {} });
    } else {
      await refusals.record(clientRefused, exchange, { client, reason, data: { endpoint: 'token' } });
    }
  }
}

/** Errors that tell of the artefact that was brought; the others tell of the client. */
const ofGrant: ReadonlySet<string> = new Set(['invalid_grant', 'access_denied', 'expired_token']);

function refusedOf(grantType: string | undefined) {
  switch (grantType) {
    case 'refresh_token':
      return refreshRefused;
    case DEVICE_CODE_GRANT_TYPE:
      return deviceRefused;
    default:
      return codeRefused;
  }
}
