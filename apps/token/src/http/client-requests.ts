import { digests } from '@signet/keys';
import {
  authenticateClient,
  BODY_LIMIT,
  parseParameters,
  type ClientWithSecrets,
  type RegisteredClient,
  type RequestParameters,
  type Result,
} from '@signet/protocol';
import type { DirectoryCopies } from '@signet/service';
import type { ClientProofs } from '../client-authentication/client-proofs.js';
import type { Floors } from '../floors/floors.js';
import type { ClientBuckets } from './client-buckets.js';
import { TenantClients } from './clients.js';
import type { Exchange } from './exchange.js';

/** A form that a client has sent, as it came. */
export interface ClientRequest {
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface AuthenticatedRequest extends RegisteredClient<ClientWithSecrets> {
  readonly parameters: RequestParameters;
}

/** What the endpoints beside /token share: the form parsed once and strictly, and its client authenticated. */
export class ClientRequests {
  constructor(
    private readonly copies: DirectoryCopies,
    private readonly floors: Floors,
    private readonly buckets: ClientBuckets,
    private readonly proofs: ClientProofs,
  ) {}

  /** `path`: of the endpoint that was called. */
  async authenticate(request: ClientRequest, exchange: Exchange, path: string): Promise<Result<AuthenticatedRequest>> {
    const parsed = parseParameters(request.body, BODY_LIMIT);
    if (!parsed.ok) return parsed;
    const { parameters } = parsed;
    const { tenant } = exchange;
    const clients = new TenantClients(this.copies, this.floors, tenant);
    const registered = await authenticateClient(
      { authorization: request.authorization, parameters },
      { clients, digests, assertions: this.proofs.at(tenant, path) },
    );
    if (!registered.ok) return registered;
    this.buckets.take(exchange, registered.value.client);
    return { ok: true, value: { ...registered.value, parameters } };
  }
}
