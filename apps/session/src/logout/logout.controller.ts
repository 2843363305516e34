import { Get, Post, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { BODY_LIMIT, parseParameters, type ParsedParameters } from '@signet/protocol';
import {
  crossSitePost,
  CurrentTenant,
  PerTenant,
  Public,
  rawForm,
  rawQuery,
  seeOther,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { EndSessionFlow } from './end-session-flow.js';
import { LogoutDeps } from './logout-deps.js';

@PerTenant('/logout')
export class LogoutController {
  constructor(private readonly deps: LogoutDeps) {}

  @Get()
  @Public()
  async get(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const parsed = parseParameters(rawQuery(request));
    await this.begin(new EndSessionFlow(this.deps, request, reply, tenant, parsed.parameters), parsed);
  }

  /** A client's POST comes without our Lax cookies and goes round by a request of our own site; our page's answer comes with them. */
  @Post()
  @Public()
  async post(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const raw = rawForm(request) ?? '';
    const parsed = parseParameters(raw, BODY_LIMIT);
    const flow = new EndSessionFlow(this.deps, request, reply, tenant, parsed.parameters);
    if (parsed.ok && parsed.parameters.get('interaction') !== undefined) {
      await flow.decide(parsed.parameters);
      return;
    }
    const post = crossSitePost(flow.forms, flow.path, raw, parsed.parameters, request, reply);
    if (post.kind === 'redirect') seeOther(reply, post.location);
    else if (post.kind === 'ours' || !parsed.ok) await this.begin(flow, parsed);
    else flow.repost(post.fields);
  }

  private async begin(flow: EndSessionFlow, parsed: ParsedParameters): Promise<void> {
    if (parsed.ok) await flow.begin(parsed.parameters);
    else flow.fail('invalid-request', parsed.error);
  }
}
