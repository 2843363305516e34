import { Post, Req, Res } from '@nestjs/common';
import { clientRefused, type Tenant } from '@signet/contracts';
import { digests, Keyring, refreshMac } from '@signet/keys';
import { Database } from '@signet/persistence';
import {
  ensureMayIntrospect,
  introspectionResponse,
  parseRefreshToken,
  presentedToken,
  type LiveToken,
  type OAuthError,
} from '@signet/protocol';
import { CurrentTenant, PerTenant, Public, sendOAuthError, type HttpReply, type HttpRequest } from '@signet/service';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { findLiveFamily } from '../grants/store/find-family.js';
import { ClientRequests, type AuthenticatedRequest } from '../http/client-requests.js';
import type { Exchange } from '../http/exchange.js';
import { isRefusal, Refusals } from '../http/refusals.js';
import { sendPrivate } from '../http/replies.js';
import { clientRequestOf, exchangeOf } from '../http/requests.js';

/** RFC 7662. For servers alone, so no script may read it. A successful introspection is a metric and no event. */
@PerTenant('/introspect')
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
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, '/introspect');
    if (!authenticated.ok) return this.#refuse(reply, exchange, authenticated.error);
    const { client, parameters } = authenticated.value;
    const allowed = ensureMayIntrospect(client);
    if (!allowed.ok) return this.#refuse(reply, exchange, allowed.error, client);
    const presented = presentedToken(parameters);
    if (!presented.ok) return this.#refuse(reply, exchange, presented.error, client);
    const token = await this.#find(tenant, presented.value.token);
    sendPrivate(reply, introspectionResponse(client, token));
  }

  /** The two kinds of token look nothing alike, so the hint is of no help. */
  async #find(tenant: Tenant, text: string): Promise<LiveToken | undefined> {
    const { issuer } = tenant;
    const refresh = parseRefreshToken(text, tenant.id, refreshMac(this.keyring), digests);
    if (refresh !== undefined) {
      const family = await this.database.first(findLiveFamily, { tenantId: tenant.id, presented: refresh });
      return family && { type: 'refresh_token', issuer, audience: [], ...family };
    }
    const access = await this.tokens.read(tenant, text);
    return access && { type: 'access_token', issuer, tokenId: access.jti, ...access };
  }

  async #refuse(
    reply: HttpReply,
    exchange: Exchange,
    error: OAuthError,
    client?: AuthenticatedRequest['client'],
  ): Promise<void> {
    if (isRefusal(error)) {
      const reason = error.detail ?? error.error;
      await this.refusals.record(clientRefused, exchange, { client, reason, data: { endpoint: 'introspect' } });
    }
    sendOAuthError(reply, error);
  }
}
