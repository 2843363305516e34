import { Get, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { renderUnvouchedClient, sendPage } from '@signet/pages';
import { initiateLogin, isVouchedFor, parseParameters, QUERY_LIMIT } from '@signet/protocol';
import {
  CurrentTenant,
  PerTenant,
  Public,
  rawQuery,
  seeOther,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import { sendOAuthErrorPage } from '../interaction/pages.js';

/** OpenID Connect Core 1.0 section 4: sign-in at a client, begun by somebody else. */
@PerTenant('/initiate')
export class InitiateController {
  constructor(private readonly deps: InteractionDeps) {}

  @Get()
  @Public()
  async get(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = { request, reply, tenant };
    const { issuer, copies } = this.deps;
    const parsed = parseParameters(rawQuery(request), QUERY_LIMIT);
    if (!parsed.ok) {
      sendOAuthErrorPage(exchange, issuer, 'invalid-request', parsed.error);
      return;
    }
    const client = await copies.client(tenant.id, parsed.parameters.get('client_id') ?? '');
    const going = initiateLogin(parsed.parameters, client, tenant.issuer);
    if (!going.ok) {
      const kind = going.error.error === 'unauthorized_client' ? 'invalid-client' : 'invalid-request';
      sendOAuthErrorPage(exchange, issuer, kind, going.error);
    } else if (client && isVouchedFor(client)) {
      seeOther(reply, going.value);
    } else {
      // RFC 9700 section 4.11.2: the link may be anybody's.
      const way = { kind: 'redirect', url: going.value } as const;
      sendPage(exchange, issuer, 200, (context) => renderUnvouchedClient({ way }, context));
    }
  }
}
