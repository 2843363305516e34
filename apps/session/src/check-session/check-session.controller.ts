import { Get, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { checkSessionHeaders, renderCheckSession } from '@signet/pages';
import {
  browserStateCookie,
  CurrentTenant,
  PerTenant,
  Public,
  ServiceConfiguration,
  type HttpReply,
} from '@signet/service';

/** check_session_iframe (OpenID Connect Session Management 1.0 section 3.3): the same page for everybody; the browser answers. */
@PerTenant('/check-session')
export class CheckSessionController {
  constructor(private readonly configuration: ServiceConfiguration) {}

  @Get()
  @Public()
  get(@CurrentTenant() tenant: Tenant, @Res() reply: HttpReply): void {
    const cookie = browserStateCookie({ tenantId: tenant.id, issuer: this.configuration.issuer });
    void reply.headers(checkSessionHeaders).send(renderCheckSession(cookie));
  }
}
