import { Get, Post, Req, Res } from '@nestjs/common';
import { userinfoClaims } from '@signet/claims';
import { accountId, type Tenant } from '@signet/contracts';
import {
  bearerToken,
  BODY_LIMIT,
  ensureUserinfoAccess,
  fail,
  invalidToken,
  ok,
  parseParameters,
  QUERY_LIMIT,
  type RequestParameters,
  type Result,
} from '@signet/protocol';
import {
  Cors,
  CurrentTenant,
  DirectoryCopies,
  PerTenant,
  Public,
  rawForm,
  rawQuery,
  sendOAuthError,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { Accounts } from '../access-tokens/accounts.js';
import { AccessTokens, type LiveAccessToken } from '../access-tokens/access-tokens.js';
import { Floors } from '../floors/floors.js';
import { TenantClients } from '../http/clients.js';
import { sendPrivately } from '../http/replies.js';
import { UserinfoResponses, type UserinfoResponse } from './userinfo-responses.js';

/** OpenID Connect Core 1.0 section 5.3. */
@Cors()
@PerTenant('/userinfo')
export class UserinfoController {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly accounts: Accounts,
    private readonly copies: DirectoryCopies,
    private readonly floors: Floors,
    private readonly responses: UserinfoResponses,
  ) {}

  @Get()
  @Public()
  show(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    return this.#answer(tenant, request, reply, undefined);
  }

  @Post()
  @Public()
  showPosted(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    return this.#answer(tenant, request, reply, rawForm(request));
  }

  async #answer(tenant: Tenant, request: HttpRequest, reply: HttpReply, form: string | undefined): Promise<void> {
    const response = await this.#response(tenant, request, form);
    if (response.ok) sendPrivately(reply, response.value);
    else sendOAuthError(reply, response.error);
  }

  async #response(tenant: Tenant, request: HttpRequest, form: string | undefined): Promise<Result<UserinfoResponse>> {
    const query = parseParameters(rawQuery(request), QUERY_LIMIT);
    if (!query.ok) return query;
    const body = parseParameters(form ?? '', BODY_LIMIT);
    if (!body.ok) return body;
    const live = await this.#liveToken(tenant, request, query.parameters, body.parameters);
    if (!live.ok) return live;
    const access = ensureUserinfoAccess(live.value, tenant.issuer);
    if (!access.ok) return access;
    const account = await this.#account(tenant, live.value);
    if (account?.status !== 'active') return fail(invalidToken('The access token is not valid', { detail: 'account' }));
    const found = await new TenantClients(this.copies, this.floors, tenant).find(live.value.clientId);
    if (found === undefined) return fail(invalidToken('The access token is not valid', { detail: 'client' }));
    // What the token says of who it is about stays true towards its client, whatever the account is called elsewhere.
    const claims = userinfoClaims(live.value.scopes, { ...account.claims, sub: live.value.sub });
    return this.responses.of(tenant, found.client, claims);
  }

  async #liveToken(
    tenant: Tenant,
    request: HttpRequest,
    query: RequestParameters,
    body: RequestParameters,
  ): Promise<Result<LiveAccessToken>> {
    const { authorization } = request.headers;
    const presented = bearerToken({ authorization, query, body });
    if (!presented.ok) return presented;
    const live = await this.tokens.read(tenant, presented.value);
    return live === undefined ? fail(invalidToken('The access token is not valid')) : ok(live);
  }

  async #account(tenant: Tenant, { rests }: LiveAccessToken) {
    const id = accountId.safeParse(rests.account).data;
    return id && (await this.accounts.find(tenant.id, id));
  }
}
