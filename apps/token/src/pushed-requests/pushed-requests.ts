import { newId, pushedRequestId, requestPushed } from '@signet/contracts';
import { randomText, sha256Text, systemRandom } from '@signet/keys';
import type { Database, DatabaseClock } from '@signet/persistence';
import {
  fail,
  formatPushedRequestUri,
  ok,
  pushedRequestKey,
  requestParameters,
  validateAuthorizationRequest,
  type RequestParameters,
  type Result,
} from '@signet/protocol';
import { ClientHints, IdTokenHints, type DirectoryCopies, type EventFactory } from '@signet/service';
import { endpointsOf } from '../discovery/endpoints.js';
import type { Dpop } from '../dpop/dpop.js';
import type { Floors } from '../floors/floors.js';
import type { AuthenticatedRequest } from '../http/client-requests.js';
import { TenantClients } from '../http/clients.js';
import { contextOf, type Exchange } from '../http/exchange.js';
import type { KeySets } from '../keys/key-sets.js';
import type { RequestResolver } from '../request-objects/request-resolver.js';
import { pushedLifetime, pushRequest } from './store/push-request.js';

/** RFC 9126 section 2.2. */
export interface PushedResponse {
  readonly request_uri: string;
  readonly expires_in: number;
}

export interface PushedRequestsParts {
  readonly database: Pick<Database, 'execute'>;
  readonly clock: DatabaseClock;
  readonly copies: DirectoryCopies;
  readonly floors: Floors;
  readonly events: Pick<EventFactory, 'make'>;
  readonly keys: Pick<KeySets, 'verificationKey'>;
  readonly resolver: RequestResolver;
  readonly dpop: Pick<Dpop, 'at'>;
}

/** Of the client's authentication, which is no part of what it asks for (RFC 9126 section 2.1). */
const credentials: ReadonlySet<string> = new Set(['client_secret', 'client_assertion', 'client_assertion_type']);

/** What clients push: judged as at /authorize, and kept until its code is made. */
export class PushedRequests {
  constructor(private readonly parts: PushedRequestsParts) {}

  /** `proofs`: the values of the DPoP header. */
  async push(
    exchange: Exchange,
    request: AuthenticatedRequest,
    proofs: readonly string[],
  ): Promise<Result<PushedResponse>> {
    const { tenant } = exchange;
    const { client } = request;
    const { database, events, dpop } = this.parts;
    const judged = await this.#judge(exchange, request);
    if (!judged.ok) return judged;
    const proof = { proofs, method: 'POST', url: endpointsOf(tenant).pushedAuthorizationRequest };
    const key = await pushedRequestKey(proof, judged.value.get('dpop_jkt'), dpop.at(tenant));
    if (!key.ok) return key;
    const [id, secret] = [newId(pushedRequestId), randomText(systemRandom, 32)];
    await database.execute(pushRequest, {
      tenantId: tenant.id,
      id,
      secretHash: sha256Text(secret),
      clientId: client.clientId,
      parameters: { ...recordOf(judged.value), ...(key.value !== undefined && { dpop_jkt: [key.value] }) },
      pushed: events.make(requestPushed, {
        tenantId: tenant.id,
        aggregate: id,
        context: contextOf(exchange, client),
        client: client.clientId,
        data: {},
      }),
    });
    return ok({ request_uri: formatPushedRequestUri({ id, secret }), expires_in: pushedLifetime });
  }

  /** RFC 9126 section 2.1: validated as an authorization request would be. */
  async #judge({ tenant }: Exchange, { client, parameters }: AuthenticatedRequest): Promise<Result<RequestParameters>> {
    const { clock, copies, floors, keys, resolver } = this.parts;
    const asked = new Map(parameters.names().map((name) => [name, parameters.all(name)]));
    for (const name of credentials) asked.delete(name);
    // The client is authenticated, with or without a client_id beside it (section 3 has one without).
    asked.set('client_id', [client.clientId]);
    const outcome = await validateAuthorizationRequest(
      { ok: true, parameters: requestParameters(Object.fromEntries(asked)) },
      {
        clients: new TenantClients(copies, floors, tenant),
        requestObjects: resolver.of(tenant, client),
        hints: new ClientHints(new IdTokenHints(keys, clock), tenant),
        receivedAt: clock.now(),
        endpoint: 'par',
      },
    );
    return outcome.kind === 'valid' ? ok(outcome.parameters) : fail(outcome.error);
  }
}

const recordOf = (parameters: RequestParameters): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(parameters.names().map((name) => [name, parameters.all(name)]));
