import { Post, Req, Res } from '@nestjs/common';
import { PASSWORD_ACR } from '@signet/claims';
import { newId, sessionId, type Tenant } from '@signet/contracts';
import { randomText, sha256Text, systemRandom } from '@signet/keys';
import { accessDenied } from '@signet/protocol';
import { CurrentTenant, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import type { InteractionFlow } from '../interaction/interaction-flow.js';
import { openForm } from '../interaction/opened-interaction.js';
import { PasswordCheck, type PasswordChecked } from './password-check.js';
import { showSignIn } from './sign-in-page.js';

@PerTenant('/sign-in')
export class SignInController {
  constructor(
    private readonly deps: InteractionDeps,
    private readonly passwords: PasswordCheck,
  ) {}

  @Post()
  @Public()
  async signIn(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = { request, reply, tenant };
    const opened = await openForm(this.deps, exchange, 'sign-in');
    if (!opened) return;
    const { flow, form } = opened;
    if (form.get('decision') === 'deny') {
      flow.fail(accessDenied('The person did not sign in'));
      return;
    }
    const username = form.get('username')?.trim();
    const password = form.get('password');
    if (!username || password === undefined) {
      showSignIn(flow, { problem: 'missing-credentials', ...(username && { username }) });
      return;
    }
    const { browser, client } = flow;
    const checked = await this.passwords.check({ exchange, browser, username, password, clientId: client.clientId });
    await this.answer(flow, username, checked);
  }

  private async answer(flow: InteractionFlow, username: string, checked: PasswordChecked): Promise<void> {
    switch (checked.outcome) {
      case 'wrong':
        showSignIn(flow, { problem: 'wrong-credentials', username });
        return;
      case 'too_many':
        showSignIn(flow, { problem: 'too-many-attempts', username, retryAfterSeconds: checked.retryAfter });
        return;
      case 'proved':
        await this.begin(flow, checked);
    }
  }

  private async begin(flow: InteractionFlow, proof: Extract<PasswordChecked, { outcome: 'proved' }>): Promise<void> {
    const secret = randomText(systemRandom, 32);
    const authentication = await flow.beginSession({
      session: { sessionId: newId(sessionId), secretHash: sha256Text(secret) },
      accountId: proof.accountId,
      since: proof.since,
      acr: PASSWORD_ACR,
      amr: ['pwd'],
    });
    flow.browser.keepSession(authentication.sessionId, secret);
    flow.browser.rememberDevice(proof.accountId);
    await flow.proceedAs(authentication);
  }
}
