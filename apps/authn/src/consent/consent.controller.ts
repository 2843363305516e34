import { Post, Req, Res } from '@nestjs/common';
import { consentDenied, type Authentication, type Tenant } from '@signet/contracts';
import { Database } from '@signet/persistence';
import { invalidRequest } from '@signet/protocol';
import { CurrentTenant, EventFactory, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { contextOf } from '../interaction/exchange.js';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import type { InteractionFlow } from '../interaction/interaction-flow.js';
import { openForm } from '../interaction/opened-interaction.js';
import { sendOAuthErrorPage } from '../interaction/pages.js';
import { showSignIn } from '../sign-in/sign-in-page.js';

@PerTenant('/consent')
export class ConsentController {
  constructor(
    private readonly deps: InteractionDeps,
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Post()
  @Public()
  async decide(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = { request, reply, tenant };
    const opened = await openForm(this.deps, exchange, 'consent');
    if (!opened) return;
    const { flow, interaction, form } = opened;
    const authentication = await flow.liveSession();
    // The question was put to one session; in another one, somebody else may sit before the screen.
    if (authentication?.sessionId !== interaction.session || !authentication) {
      await flow.proceed();
      return;
    }
    switch (form.get('decision')) {
      case 'allow':
        await flow.issue(authentication, 'approved');
        return;
      case 'deny':
        await this.deny(flow, authentication);
        return;
      case 'switch':
        showSignIn(flow);
        return;
      default:
        sendOAuthErrorPage(exchange, this.deps.issuer, 'invalid-request', invalidRequest('The decision is missing'));
    }
  }

  private async deny(flow: InteractionFlow, authentication: Authentication): Promise<void> {
    const { accountId, sessionId } = authentication;
    await this.database.record(
      this.events.make(consentDenied, {
        tenantId: flow.exchange.tenant.id,
        account: accountId,
        session: sessionId,
        client: flow.client.clientId,
        context: contextOf(flow.exchange, accountId),
        data: { scopes: flow.wanted },
      }),
    );
    await flow.deny(authentication);
  }
}
