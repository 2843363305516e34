import type { AccountId, Micros, SessionReference, TenantId } from '@signet/contracts';
import { openText, randomText, sealToText, systemRandom, type Keyring } from '@signet/keys';
import {
  BrowserForms,
  clearSessionCookie,
  cookieName,
  readBrowserState,
  readCookie,
  readSessionCookie,
  setBrowserState,
  setCookie,
  setSessionCookie,
  type CookieScope,
} from '@signet/service';
import { z } from 'zod';
import type { Exchange } from './exchange.js';

const device = z.object({ id: z.string(), accounts: z.array(z.string()) });
type Device = z.infer<typeof device>;

/** Accounts that one device is known for, at most. */
const mostAccounts = 5;
const deviceLifetime = 180 * 24 * 3_600;

/** What a browser at a tenant brings and keeps: its forms, its session, and which accounts it has signed in to. */
export class Browser {
  readonly forms: BrowserForms;
  #state: string | undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly keyring: Keyring,
    private readonly issuer: string,
  ) {
    this.forms = new BrowserForms(keyring, this.scope);
  }

  sealForm(page: string, content: string): string {
    return this.forms.seal(page, content, this.exchange.request, this.exchange.reply);
  }

  openForm(page: string, sealed: string | undefined): string | undefined {
    return this.forms.open(page, sealed, this.exchange.request);
  }

  /** The session that the cookie names; nobody has looked whether it lives. */
  get session(): SessionReference | undefined {
    return readSessionCookie(this.exchange.request, this.scope);
  }

  /** `remembered`: the cookie stays when the browser is closed, until the session expires. */
  keepSession(id: string, secret: string, remembered?: { readonly until: Micros; readonly now: Micros }): void {
    const maxAge = remembered && Math.ceil((remembered.until - remembered.now) / 1_000_000);
    setSessionCookie(this.exchange.reply, this.scope, { id, secret, maxAge });
    this.#state = this.stateOf(id, maxAge);
  }

  /** What clients watch (Session Management 1.0); a session that has none, or whose browser lost it, gets one. */
  get state(): string {
    const { request, reply } = this.exchange;
    this.#state ??= readBrowserState(request, this.scope) ?? setBrowserState(reply, this.scope);
    return this.#state;
  }

  dropSession(): void {
    clearSessionCookie(this.exchange.request, this.exchange.reply, this.scope);
  }

  /** The device's id, where it has signed in to this account before. */
  deviceOf(account: AccountId): string | undefined {
    const known = this.device();
    return known?.accounts.includes(account) ? known.id : undefined;
  }

  rememberDevice(account: AccountId): void {
    const known = this.device() ?? { id: randomText(systemRandom, 16), accounts: [] };
    const accounts = [account, ...known.accounts.filter((each) => each !== account)].slice(0, mostAccounts);
    const value = sealToText(this.keyring, 'form', JSON.stringify({ id: known.id, accounts }), this.deviceData());
    setCookie(this.exchange.reply, { name: this.name('device'), value, maxAge: deviceLifetime });
  }

  /** Whoever proves again who they are in the session they have changes nothing for the clients that watch it. */
  private stateOf(id: string, maxAge: number | undefined): string {
    const { request, reply } = this.exchange;
    const isKept = this.session?.sessionId === id;
    const value = isKept ? readBrowserState(request, this.scope) : undefined;
    return setBrowserState(reply, this.scope, { value, maxAge });
  }

  private device(): Device | undefined {
    const cookie = readCookie(this.exchange.request, this.name('device'));
    const opened = cookie === undefined ? undefined : openText(this.keyring, 'form', cookie, this.deviceData());
    if (opened === undefined) return undefined;
    const parsed = device.safeParse(JSON.parse(Buffer.from(opened).toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  }

  private deviceData(): readonly [TenantId, string] {
    return [this.exchange.tenant.id, 'device'];
  }

  private get scope(): CookieScope {
    return { tenantId: this.exchange.tenant.id, issuer: this.issuer };
  }

  private name(kind: string): string {
    return cookieName(this.exchange.tenant.id, kind, this.issuer);
  }
}
