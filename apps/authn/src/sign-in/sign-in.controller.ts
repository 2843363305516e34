import { Post, Req, Res } from '@nestjs/common';
import { PASSWORD_ACR } from '@signet/claims';
import { newId, sessionId, type Tenant } from '@signet/contracts';
import { randomText, sha256Text, systemRandom } from '@signet/keys';
import { accessDenied } from '@signet/protocol';
import { CurrentTenant, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import { openSignIn } from '../interaction/opened-interaction.js';
import type { SignInFlow } from '../interaction/sign-in-flow.js';
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
    const opened = await openSignIn(this.deps, exchange);
    if (!opened) return;
    const { flow, form } = opened;
    if (form.get('decision') === 'deny') {
      await flow.fail(accessDenied('The person did not sign in'));
      return;
    }
    const username = form.get('username')?.trim();
    const password = form.get('password');
    const remembered = form.get('remember') === 'yes';
    if (!username || password === undefined) {
      showSignIn(flow, { problem: 'missing-credentials', remembered, ...(username && { username }) });
      return;
    }
    const { browser, clientId } = flow;
    const checked = await this.passwords.check({ exchange, browser, username, password, clientId });
    await this.answer(flow, { username, remembered }, checked);
  }

  private async answer(
    flow: SignInFlow,
    typed: { readonly username: string; readonly remembered: boolean },
    checked: PasswordChecked,
  ): Promise<void> {
    switch (checked.outcome) {
      case 'wrong':
        showSignIn(flow, { problem: 'wrong-credentials', ...typed });
        return;
      case 'too_many':
        showSignIn(flow, { problem: 'too-many-attempts', ...typed, retryAfterSeconds: checked.retryAfter });
        return;
      case 'proved':
        await this.begin(flow, checked, typed.remembered);
    }
  }

  private async begin(
    flow: SignInFlow,
    proof: Extract<PasswordChecked, { outcome: 'proved' }>,
    remembered: boolean,
  ): Promise<void> {
    const secret = randomText(systemRandom, 32);
    const session = { sessionId: newId(sessionId), secretHash: sha256Text(secret) };
    const { accountId, since } = proof;
    const authentication = await flow.beginSession(
      { session, accountId, since, acr: PASSWORD_ACR, amr: ['pwd'], remembered },
      secret,
    );
    flow.browser.rememberDevice(proof.accountId);
    await flow.proceedAs(authentication);
  }
}
