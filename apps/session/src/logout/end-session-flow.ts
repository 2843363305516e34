import {
  logoutRefusalsSummarised,
  logoutRefused,
  pathAt,
  sidOf,
  type AccountId,
  type SessionReference,
  type Tenant,
} from '@signet/contracts';
import {
  placeOf,
  renderRepost,
  renderSignedOut,
  renderSigningOut,
  renderSignOut,
  sendErrorPage,
  sendPage,
  type ErrorKind,
  type LogoutFrame,
} from '@signet/pages';
import {
  clientNameIn,
  decideLogout,
  invalidRequest,
  isVouchedFor,
  logoutRequest,
  type Client,
  type LogoutFacts,
  type OAuthError,
  type RequestParameters,
} from '@signet/protocol';
import {
  BrowserForms,
  clearSessionCookie,
  networkOfRequest,
  readSessionCookie,
  seeOther,
  traceOf,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { endOne, findForLogout, findLoggedOut } from '../store/end-session.js';
import { confirmationText, readConfirmation } from './confirmation.js';
import { framesOfSession } from './front-channel.js';
import type { LogoutDeps } from './logout-deps.js';
import { namesAccount } from './logout-hint.js';

const page = 'sign-out';

interface LiveSession extends SessionReference {
  readonly accountId: AccountId;
}

/** One logout at one browser (OpenID Connect RP-Initiated Logout 1.0). */
export class EndSessionFlow {
  readonly forms: BrowserForms;
  readonly path: string;
  private readonly scope: { tenantId: string; issuer: string };
  private uiLocales: string | undefined;

  constructor(
    private readonly deps: LogoutDeps,
    private readonly request: HttpRequest,
    private readonly reply: HttpReply,
    private readonly tenant: Tenant,
    parameters: RequestParameters,
  ) {
    this.uiLocales = logoutRequest(parameters).uiLocales;
    this.scope = { tenantId: tenant.id, issuer: deps.issuer };
    this.forms = new BrowserForms(deps.keyring, this.scope);
    this.path = pathAt(tenant, '/logout');
  }

  /** Decides on a request of a client, or of a person who came by hand. */
  async begin(parameters: RequestParameters): Promise<void> {
    const asked = logoutRequest(parameters);
    const hint = await this.deps.hints.read(asked.idTokenHint, this.tenant);
    const clientId = asked.clientId ?? (hint === 'none' ? undefined : hint.clientId);
    const client = clientId === undefined ? undefined : await this.deps.copies.client(this.tenant.id, clientId);
    const live = await this.liveSession();
    const session = live && (await this.factsOf(live, client, hint === 'none' ? undefined : asked.logoutHint));
    const decision = decideLogout(asked, { hint, client, session });
    if (decision.kind === 'page-error') {
      await this.refuse(decision.error, client);
      this.fail('invalid-request', decision.error);
    } else if (live && decision.kind === 'confirmation') this.confirm(live, client, decision.redirectTo);
    else if (!live && client && !isVouchedFor(client)) await this.offer(decision.redirectTo);
    else await this.end(live, decision.redirectTo);
  }

  /** RFC 9700 section 4.11.2: nobody is signed in, so nobody has been asked whether to go to a client that nobody vouches for. */
  private async offer(href: string | undefined): Promise<void> {
    const frames = await this.framesAgain();
    clearSessionCookie(this.request, this.reply, this.scope);
    const client = href === undefined ? undefined : { name: placeOf(href), href };
    this.show((context) => renderSignedOut({ frames, ...(client && { client }) }, context), frames);
  }

  /** The person's answer to the confirmation page. */
  async decide(parameters: RequestParameters): Promise<void> {
    const text = this.forms.open(page, parameters.get('interaction'), this.request);
    const confirmed = readConfirmation(text, this.deps.clock.now());
    const decision = parameters.get('decision');
    this.uiLocales = confirmed?.uiLocales;
    const live = confirmed && (await this.liveSession());
    const isOther = live !== undefined && live.sessionId !== confirmed?.sessionId;
    if (!confirmed || isOther)
      this.fail('expired', invalidRequest('This form has expired or does not belong to this browser'));
    else if (decision === 'allow') await this.end(live, confirmed.redirectTo);
    else if (decision === 'deny') this.show((context) => renderSignedOut({ outcome: 'stayed' }, context));
    else this.fail('invalid-request', invalidRequest('The decision is missing'));
  }

  /** Every such error says that a client is not who it says it is, or sends people where it may not. */
  private async refuse({ error, detail }: OAuthError, client: Client | undefined): Promise<void> {
    await this.deps.failures.record(logoutRefused, logoutRefusalsSummarised, {
      tenantId: this.tenant.id,
      ...(client && { client: client.clientId }),
      context: { actor: 'anonymous', network: networkOfRequest(this.request) },
      ...{ data: {}, reason: detail ?? error },
    });
  }

  /** A page that posts the same body again, from our own site. */
  repost(fields: readonly (readonly [string, string])[]): void {
    this.show((context) => renderRepost({ action: this.path, fields }, context));
  }

  fail(kind: ErrorKind, { status, error, errorDescription }: OAuthError): void {
    const { traceId } = traceOf(this.request);
    const view = { kind, code: error, traceId, description: errorDescription };
    sendErrorPage(this.exchange, this.deps.issuer, status, view);
  }

  private async liveSession(): Promise<LiveSession | undefined> {
    const session = readSessionCookie(this.request, this.scope);
    if (!session) return undefined;
    const found = await this.deps.database.first(findForLogout, { tenantId: this.tenant.id, ...session });
    if (found) return { ...session, ...found };
    await this.deps.ending.confirmLeft(this.tenant.id);
    return undefined;
  }

  private async factsOf(
    live: LiveSession,
    client: Client | undefined,
    logoutHint: string | undefined,
  ): Promise<LogoutFacts['session']> {
    const sid = client && sidOf(live.sessionId, client.clientId);
    if (logoutHint === undefined) return { sid };
    return {
      sid,
      hinted:
        logoutHint === sid || (await namesAccount(this.deps.requester, this.tenant.id, logoutHint, live.accountId)),
    };
  }

  /** Ends the session and what came of it; only when token has it the browser hears so, and by it the session's clients. */
  private async end(session: SessionReference | undefined, redirectTo: string | undefined): Promise<void> {
    const frames = session
      ? await framesOfSession(this.deps, this.tenant, session.sessionId)
      : await this.framesAgain();
    if (session) {
      await this.deps.ending.end({
        statement: endOne,
        parameters: { tenantId: this.tenant.id, ...session, reason: 'logout', exceptAccount: null },
        reason: 'logout',
        context: { actor: 'anonymous', network: networkOfRequest(this.request) },
        raise: true,
      });
    }
    clearSessionCookie(this.request, this.reply, this.scope);
    if (redirectTo === undefined) this.show((context) => renderSignedOut({ frames }, context), frames);
    else if (frames.length > 0) this.show((context) => renderSigningOut({ frames, href: redirectTo }, context), frames);
    else seeOther(this.reply, redirectTo);
  }

  /** Those of a logout whose answer the browser may never have shown: it failed after the end, or was asked for twice. */
  private async framesAgain(): Promise<LogoutFrame[]> {
    const session = readSessionCookie(this.request, this.scope);
    if (!session) return [];
    const found = await this.deps.database.first(findLoggedOut, { tenantId: this.tenant.id, ...session });
    return found ? framesOfSession(this.deps, this.tenant, session.sessionId) : [];
  }

  private confirm({ sessionId }: SessionReference, client: Client | undefined, redirectTo: string | undefined): void {
    const { uiLocales } = this;
    const asked = { sessionId, ...(redirectTo !== undefined && { redirectTo }), ...(uiLocales && { uiLocales }) };
    const content = confirmationText(asked, this.deps.clock.now());
    const interaction = this.forms.seal(page, content, this.request, this.reply);
    this.show((context) => {
      const named = client && { clientName: clientNameIn(client, context.locale) };
      return renderSignOut({ action: this.path, interaction, ...named }, context);
    });
  }

  private show(render: Parameters<typeof sendPage>[3], frames: readonly LogoutFrame[] = []): void {
    const origins = frames.map(({ src }) => new URL(src).origin);
    sendPage({ ...this.exchange, frames: origins }, this.deps.issuer, 200, render);
  }

  private get exchange() {
    const { request, reply, tenant, uiLocales = '' } = this;
    return { request, reply, tenant, wishes: { uiLocales: uiLocales.split(' '), popup: false } };
  }
}
