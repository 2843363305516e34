import { Post, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { invalidRequest } from '@signet/protocol';
import { CurrentTenant, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import { openForm } from '../interaction/opened-interaction.js';
import { sendOAuthErrorPage } from '../interaction/pages.js';
import { showSignIn } from '../sign-in/sign-in-page.js';

/** prompt=select_account (OpenID Connect Core section 3.1.2.1). */
@PerTenant('/select-account')
export class SelectAccountController {
  constructor(private readonly deps: InteractionDeps) {}

  @Post()
  @Public()
  async decide(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = { request, reply, tenant };
    const opened = await openForm(this.deps, exchange, 'select-account');
    if (!opened) return;
    const { flow, interaction, form } = opened;
    switch (form.get('decision')) {
      case 'continue': {
        const authentication = await flow.liveSession();
        // The choice is of the account that was shown; in another session, it would be of somebody else's.
        await flow.proceedAs(authentication, { selected: authentication?.sessionId === interaction.session });
        return;
      }
      case 'switch':
        showSignIn(flow);
        return;
      default:
        sendOAuthErrorPage(exchange, this.deps.issuer, 'invalid-request', invalidRequest('The decision is missing'));
    }
  }
}
