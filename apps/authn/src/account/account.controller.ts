import { Get, Post, Req, Res } from '@nestjs/common';
import {
  endOtherSessions,
  endOwnSession,
  grantId,
  listOwnGrants,
  readId,
  sessionId,
  withdrawOwnGrant,
  type Authentication,
  type Tenant,
} from '@signet/contracts';
import { isAccountNotice, type AccountNotice } from '@signet/pages';
import { BODY_LIMIT, invalidRequest, parseParameters, type RequestParameters } from '@signet/protocol';
import { CurrentTenant, PerTenant, Public, rawForm, rawQuery, type HttpReply, type HttpRequest } from '@signet/service';
import { Browser } from '../interaction/browser.js';
import { contextOf } from '../interaction/exchange.js';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import { sendOAuthErrorPage } from '../interaction/pages.js';
import { AccountFlow } from './account-flow.js';
import { openAccountForm, ownRequest, showAccount } from './account-page.js';

/** The page where people look after their own account. */
@PerTenant('/account')
export class AccountController {
  constructor(private readonly deps: InteractionDeps) {}

  @Get()
  @Public()
  async show(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const query = parseParameters(rawQuery(request));
    const notice = query.ok ? query.parameters.get('notice') : undefined;
    const uiLocales = (query.ok ? (query.parameters.get('ui_locales') ?? '') : '').split(' ').filter(Boolean);
    await showAccount(this.#flow({ request, reply, tenant }, uiLocales), isAccountNotice(notice) ? notice : undefined);
  }

  @Post()
  @Public()
  async decide(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const flow = this.#flow({ request, reply, tenant });
    const parsed = parseParameters(rawForm(request) ?? '', BODY_LIMIT);
    if (!parsed.ok) {
      sendOAuthErrorPage(flow.exchange, this.deps.issuer, 'invalid-request', parsed.error);
      return;
    }
    const form = parsed.parameters;
    const opened = openAccountForm(flow.browser, form.get('interaction'), this.deps.clock.now());
    if (opened === 'foreign') {
      const error = invalidRequest('This form does not belong to this browser', { detail: 'account form not opened' });
      sendOAuthErrorPage(flow.exchange, this.deps.issuer, 'expired', error);
      return;
    }
    const authentication = await flow.liveSession();
    // Shown to one session: in another, somebody else may sit before the screen.
    if (opened === 'expired' || !authentication || authentication.sessionId !== opened.session) {
      flow.goOn(opened === 'expired' ? [] : opened.uiLocales, 'expired');
      return;
    }
    await this.#act(flow, authentication, opened.uiLocales, form);
  }

  async #act(
    flow: AccountFlow,
    authentication: Authentication,
    uiLocales: readonly string[],
    form: RequestParameters,
  ): Promise<void> {
    const done = (notice: AccountNotice) => {
      flow.goOn(uiLocales, notice);
    };
    switch (form.get('decision')) {
      case 'end-session':
        await this.#endSession(flow, authentication, form.get('session'), done);
        return;
      case 'end-others': {
        const { session } = flow.browser;
        if (!session || !(await this.#lives(flow, authentication))) return;
        await this.deps.requester.request(endOtherSessions, ownRequest(flow, session));
        done('others-ended');
        return;
      }
      case 'withdraw':
        await this.#withdraw(flow, authentication, form.get('grant'), done);
        return;
      default:
        this.#refuse(flow, 'The decision is missing');
    }
  }

  async #endSession(
    flow: AccountFlow,
    authentication: Authentication,
    shown: string | undefined,
    done: (notice: AccountNotice) => void,
  ): Promise<void> {
    const ends = sessionId.safeParse(readId('ses', shown ?? ''));
    const { session } = flow.browser;
    if (!ends.success) {
      this.#refuse(flow, 'The session is missing');
    } else if (session && (await this.#lives(flow, authentication))) {
      await this.deps.requester.request(endOwnSession, { ...ownRequest(flow, session), ends: ends.data });
      done('session-ended');
    }
  }

  async #withdraw(
    flow: AccountFlow,
    authentication: Authentication,
    shown: string | undefined,
    done: (notice: AccountNotice) => void,
  ): Promise<void> {
    const withdrawn = grantId.safeParse(readId('gra', shown ?? ''));
    if (!withdrawn.success) {
      this.#refuse(flow, 'The grant is missing');
      return;
    }
    const { outcome } = await this.deps.requester.request(withdrawOwnGrant, {
      ...{ tenantId: flow.exchange.tenant.id, authentication, grantId: withdrawn.data },
      context: contextOf(flow.exchange, authentication.accountId),
    });
    if (outcome === 'dead') flow.expire();
    else done('withdrawn');
  }

  /** Token alone knows of the floors: a session that one has ended ends no others. False where that has been answered. */
  async #lives(flow: AccountFlow, authentication: Authentication): Promise<boolean> {
    const about = { tenantId: flow.exchange.tenant.id, authentication };
    const { outcome } = await this.deps.requester.request(listOwnGrants, about);
    if (outcome === 'dead') flow.expire();
    return outcome === 'live';
  }

  #refuse(flow: AccountFlow, description: string): void {
    sendOAuthErrorPage(flow.exchange, this.deps.issuer, 'invalid-request', invalidRequest(description));
  }

  #flow(exchange: { request: HttpRequest; reply: HttpReply; tenant: Tenant }, uiLocales: string[] = []): AccountFlow {
    const browser = new Browser(exchange, this.deps.keyring, this.deps.issuer);
    return new AccountFlow(this.deps, exchange, browser, { account: true, uiLocales });
  }
}
