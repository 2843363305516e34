import { randomUUID } from 'node:crypto';
import { accountId, readId, sessionId } from '@signet/contracts';
import { decodeJwt } from 'jose';
import type { Administrator } from './administrator.js';
import type { Ledger } from './ledger.js';
import type { Plane } from './plane.js';
import { RawClient, tokensOf, type TokenSet } from './raw-client.js';
import { secrets } from './twin-tenants.js';
import { UserAgent } from './user-agent.js';

const admin = '/admin/v1';

/** A browser that is signed in, and its client's tokens. */
interface SignedIn {
  readonly agent: UserAgent;
  tokens: TokenSet;
}

const jtiOf = (token: string): string => String(decodeJwt(token).jti);

/** What many people, clients and an administrator do at a plane, each answer of success noted in the ledger. */
export class Workload {
  readonly #demo: RawClient;
  readonly #service: RawClient;
  readonly #signedIn: SignedIn[] = [];
  readonly #enabled: string[] = [];

  constructor(
    private readonly plane: Plane,
    private readonly administrator: Administrator,
    private readonly ledger: Ledger,
    private readonly random: () => number,
  ) {
    this.#demo = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    this.#service = new RawClient(plane.issuer, 'default', 'demo-service', secrets.service);
  }

  /** `lanes` at once, each one operation after the other, until `over` says so. What is not acknowledged is nobody's affair. */
  async run(lanes: number, over: () => boolean): Promise<void> {
    const lane = async () => {
      while (!over()) await this.#one().catch(() => undefined);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  #one(): Promise<void> {
    const drawn = this.random();
    if (drawn < 0.4) return this.#clientCredentials();
    if (drawn < 0.5 || this.#signedIn.length === 0) return this.#signIn();
    if (drawn < 0.75) return this.#refresh();
    if (drawn < 0.82) return this.#logout();
    if (drawn < 0.92 || this.#enabled.length === 0) return this.#createAccount();
    return this.#disableAccount();
  }

  async #clientCredentials(): Promise<void> {
    const { status, body } = await this.#service.token({ grant_type: 'client_credentials', scope: 'api:read' });
    if (status === 200) this.ledger.note('signet.token.token.issued.v1', jtiOf(String(body['access_token'])));
  }

  async #signIn(): Promise<void> {
    const code = await this.#demo.signIn({}, new UserAgent(this.plane.issuer));
    const answer = await this.#demo.redeem(code);
    if (answer.status !== 200) return;
    const tokens = tokensOf(answer);
    this.ledger.note('signet.token.code.redeemed.v1', jtiOf(tokens.access_token));
    this.#signedIn.push({ agent: code.agent, tokens });
  }

  /** Taken out meanwhile: two refreshes of one token at once are no client's way. */
  async #refresh(): Promise<void> {
    const who = this.#take(this.#signedIn);
    if (!who) return;
    const answer = await this.#demo.refresh(who.tokens.refresh_token);
    if (answer.status !== 200) return;
    who.tokens = { ...who.tokens, ...tokensOf({ ...answer, body: { ...who.tokens, ...answer.body } }) };
    this.ledger.note(
      ['signet.token.family.rotated.v1', 'signet.token.family.repeated.v1'],
      jtiOf(who.tokens.access_token),
    );
    this.#signedIn.push(who);
  }

  async #logout(): Promise<void> {
    const who = this.#take(this.#signedIn);
    if (!who) return;
    const session = [...who.agent.cookies.values()].map((value) => sessionId.safeParse(value.split('.')[0]));
    const query = new URLSearchParams({ id_token_hint: who.tokens.id_token });
    const page = await who.agent.open(`${this.#demo.at('/logout')}?${query.toString()}`);
    const [ended] = session.filter(({ success }) => success);
    if (page.status === 200 && page.action === undefined && ended?.success)
      this.ledger.note('signet.session.session.ended.v1', ended.data);
  }

  async #createAccount(): Promise<void> {
    const answer = await this.administrator.ask('POST', `${admin}/accounts`, { username: `w-${randomUUID()}` });
    if (answer.status !== 201) return;
    const shown = String(answer.body?.['id']);
    this.ledger.note('signet.directory.account.created.v1', accountId.parse(readId('acc', shown)));
    this.#enabled.push(shown);
  }

  async #disableAccount(): Promise<void> {
    const shown = this.#take(this.#enabled);
    if (shown === undefined) return;
    const { status } = await this.administrator.ask('PATCH', `${admin}/accounts/${shown}`, { enabled: false });
    if (status === 200) this.ledger.note('signet.directory.account.disabled.v1', accountId.parse(readId('acc', shown)));
  }

  #take<T>(from: T[]): T | undefined {
    const [taken] = from.splice(Math.floor(this.random() * from.length), 1);
    return taken;
  }
}
