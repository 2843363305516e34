import { Post, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { digests, Keyring, refreshMac } from '@signet/keys';
import { Database } from '@signet/persistence';
import {
  ensureMayIntrospect,
  introspectionResponse,
  openResources,
  parseRefreshToken,
  presentedToken,
  within,
  type LiveToken,
  type RegisteredClient,
} from '@signet/protocol';
import { CurrentTenant, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { findLiveFamily } from '../grants/store/find-family.js';
import { ClientRequests } from '../http/client-requests.js';
import { Refusals } from '../http/refusals.js';
import { sendPrivate } from '../http/replies.js';
import { clientRequestOf, exchangeOf } from '../http/requests.js';

const endpoint = 'introspect';

/** RFC 7662. For servers alone, so no script may read it. A successful introspection is a metric and no event. */
@PerTenant(`/${endpoint}`)
export class IntrospectionController {
  constructor(
    private readonly requests: ClientRequests,
    private readonly tokens: AccessTokens,
    private readonly database: Database,
    private readonly keyring: Keyring,
    private readonly refusals: Refusals,
  ) {}

  @Post()
  @Public()
  async introspect(
    @CurrentTenant() tenant: Tenant,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const exchange = exchangeOf(request, tenant);
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, `/${endpoint}`);
    if (!authenticated.ok) return this.refusals.answer(reply, exchange, authenticated.error, { endpoint });
    const { parameters, ...registered } = authenticated.value;
    const { client } = registered;
    const allowed = ensureMayIntrospect(client);
    if (!allowed.ok) return this.refusals.answer(reply, exchange, allowed.error, { endpoint, client });
    const presented = presentedToken(parameters);
    if (!presented.ok) return this.refusals.answer(reply, exchange, presented.error, { endpoint, client });
    const token = await this.#find(tenant, registered, presented.value.token);
    sendPrivate(reply, introspectionResponse(client, token));
  }

  /** The two kinds of token look nothing alike, so the hint is of no help. */
  async #find(tenant: Tenant, registered: RegisteredClient, text: string): Promise<LiveToken | undefined> {
    const { issuer } = tenant;
    const refresh = parseRefreshToken(text, tenant.id, refreshMac(this.keyring), digests);
    if (refresh !== undefined) {
      const { scopes } = registered.client;
      const family = await this.database.first(findLiveFamily, {
        ...{ tenantId: tenant.id, presented: refresh },
        ...{ scopes, openResources: openResources(registered) },
      });
      if (family === undefined) return undefined;
      return { type: 'refresh_token', issuer, audience: [], ...family, scopes: within(scopes, family.scopes) };
    }
    const access = await this.tokens.read(tenant, text);
    return access && { type: 'access_token', issuer, tokenId: access.jti, ...access };
  }
}
