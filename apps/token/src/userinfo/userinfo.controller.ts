import { Get, Post, Req, Res } from '@nestjs/common';
import { userinfoClaims } from '@signet/claims';
import { accountId, type Tenant } from '@signet/contracts';
import {
  BODY_LIMIT,
  ensureTokenBinding,
  ensureUserinfoAccess,
  fail,
  invalidToken,
  ok,
  parseParameters,
  presentedAccessToken,
  QUERY_LIMIT,
  type PresentedAccessToken,
  type Result,
} from '@signet/protocol';
import {
  Cors,
  CurrentTenant,
  PerTenant,
  Public,
  rawForm,
  rawQuery,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { Accounts } from '../access-tokens/accounts.js';
import { AccessTokens, type LiveAccessToken } from '../access-tokens/access-tokens.js';
import { endpointsOf } from '../discovery/endpoints.js';
import { Dpop } from '../dpop/dpop.js';
import { Refusals } from '../http/refusals.js';
import { sendPrivately } from '../http/replies.js';
import { dpopProofsOf, exchangeOf } from '../http/requests.js';
import { UserinfoResponses, type UserinfoResponse } from './userinfo-responses.js';

/** OpenID Connect Core 1.0 section 5.3. */
@Cors()
@PerTenant('/userinfo')
export class UserinfoController {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly accounts: Accounts,
    private readonly responses: UserinfoResponses,
    private readonly dpop: Dpop,
    private readonly refusals: Refusals,
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
    this.dpop.tellNonce(reply, tenant, dpopProofsOf(request));
    if (response.ok) sendPrivately(reply, response.value);
    else await this.refusals.answer(reply, exchangeOf(request, tenant), response.error, { endpoint: 'userinfo' });
  }

  async #response(tenant: Tenant, request: HttpRequest, form: string | undefined): Promise<Result<UserinfoResponse>> {
    const query = parseParameters(rawQuery(request), QUERY_LIMIT);
    if (!query.ok) return query;
    const body = parseParameters(form ?? '', BODY_LIMIT);
    if (!body.ok) return body;
    const { authorization } = request.headers;
    const presented = presentedAccessToken({ authorization, query: query.parameters, body: body.parameters });
    if (!presented.ok) return presented;
    const live = await this.#liveToken(tenant, request, presented.value);
    if (!live.ok) return live;
    const { scheme } = presented.value;
    const access = ensureUserinfoAccess(live.value, tenant.issuer, scheme);
    if (!access.ok) return access;
    const account = await this.#account(tenant, live.value);
    if (account?.status !== 'active') {
      return fail(invalidToken('The access token is not valid', { scheme, detail: 'account' }));
    }
    const client = await this.responses.clientOf(tenant, live.value.clientId);
    if (client === undefined) return fail(invalidToken('The access token is not valid', { scheme, detail: 'client' }));
    // What the token says of who it is about stays true towards its client, whatever the account is called elsewhere.
    const { scopes, sub, rests } = live.value;
    const claims = userinfoClaims(scopes, { ...account.claims, sub }, rests.userinfo);
    return this.responses.of(tenant, client, claims);
  }

  /** The token, alive and in the hands of whom it is bound to. */
  async #liveToken(
    tenant: Tenant,
    request: HttpRequest,
    presented: PresentedAccessToken,
  ): Promise<Result<LiveAccessToken>> {
    const live = await this.tokens.read(tenant, presented.token);
    if (live === undefined) {
      return fail(invalidToken('The access token is not valid', { scheme: presented.scheme }));
    }
    const proof = { proofs: dpopProofsOf(request), method: request.method, url: endpointsOf(tenant).userinfo };
    const bound = await ensureTokenBinding(live, presented, proof, this.dpop.at(tenant));
    return bound.ok ? ok(live) : bound;
  }

  async #account(tenant: Tenant, { rests }: LiveAccessToken) {
    const id = accountId.safeParse(rests.account).data;
    return id && (await this.accounts.find(tenant.id, id));
  }
}
