import type { Tenant } from '@signet/contracts';
import {
  fail,
  invalidRequestUri,
  isRegisteredRequestUri,
  ok,
  openRequestObject,
  type AskedRequest,
  type ClientWithSecrets,
  type Clock,
  type RequestObjectCryptography,
  type RequestObjects,
  type ResolvedRequest,
  type Result,
} from '@signet/protocol';
import type { ReferencedObjects } from './referenced-objects.js';

export interface RequestResolverParts {
  readonly clock: Clock;
  /** For what was made for this tenant. */
  cryptographyOf(tenant: Pick<Tenant, 'id'>): RequestObjectCryptography;
  readonly referenced: ReferencedObjects;
}

/** Finds out what a client asks for by a request object, its own or one that it refers to. */
export class RequestResolver {
  constructor(private readonly parts: RequestResolverParts) {}

  /** The port of the protocol, for one client of one tenant. */
  of(tenant: Tenant, client: ClientWithSecrets): RequestObjects {
    return { resolve: (_asking, asked) => this.resolve(tenant, client, asked) };
  }

  async resolve(tenant: Tenant, client: ClientWithSecrets, asked: AskedRequest): Promise<Result<ResolvedRequest>> {
    if ('request' in asked) return this.#open(tenant, client, asked.request, 'request');
    const { requestUri } = asked;
    if (!isRegisteredRequestUri(requestUri, client.requestUris)) {
      return fail(invalidRequestUri('The request_uri is not registered for this client'));
    }
    const content = await this.parts.referenced.read(requestUri);
    if (content === undefined) return fail(invalidRequestUri('The request_uri leads to no request object'));
    return this.#open(tenant, client, content, 'request_uri');
  }

  async #open(
    tenant: Tenant,
    client: ClientWithSecrets,
    text: string,
    by: 'request' | 'request_uri',
  ): Promise<Result<ResolvedRequest>> {
    const { clock } = this.parts;
    const cryptography = this.parts.cryptographyOf(tenant);
    const opened = await openRequestObject(text, client, { by, issuer: tenant.issuer, clock, cryptography });
    return opened.ok ? ok({ parameters: opened.value }) : opened;
  }
}
