import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import { RelyingParty } from './relying-party.js';
import { afterLogout, alice, secrets } from './twin-tenants.js';
import type { Fetch, UserAgent } from './user-agent.js';

/** One request that no client could have done better, and that was not answered as it should be. */
export interface Failure {
  /** Method and path; of an operation, what it was. */
  readonly what: string;
  /** 0: no answer came, or another one than the specification has. */
  readonly status: number;
  readonly reason: string;
  /** Monotonic milliseconds. */
  readonly at: number;
}

class Unanswered extends Error {}

const wasUnanswered = (error: unknown): boolean =>
  error instanceof Unanswered || (error instanceof Error && error.cause !== undefined && wasUnanswered(error.cause));

/** What people and clients do all day at a plane of `twinTenants`, by a client library that checks every answer; counted, with what failed. */
export class Traffic {
  requests = 0;
  readonly failures: Failure[] = [];
  #over = false;
  #lanes: Promise<void> | undefined;
  #lastPassword: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly issuer: string,
    private readonly fetch: Fetch,
    private readonly people: RelyingParty,
    private readonly service: RelyingParty,
    private readonly verify: (token: string) => Promise<unknown>,
  ) {}

  static async at(issuer: string, fetch: Fetch): Promise<Traffic> {
    const into: { traffic?: Traffic } = {};
    const counted: Fetch = (input, init) => into.traffic?.ask(input, init) ?? fetch(input, init);
    const party = (client: string, secret: string) =>
      RelyingParty.discover(issuer, client, openid.ClientSecretBasic(secret), counted);
    const [people, service] = [await party('demo', secrets.demo), await party('demo-service', secrets.service)];
    // As resource servers have it: by jose, with its own cache.
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`), {
      [customFetch]: (url: string, options: object) => counted(url, options),
    });
    into.traffic = new Traffic(issuer, fetch, people, service, (token) => jwtVerify(token, keys, { issuer }));
    return into.traffic;
  }

  /** `lanes` at once, each one operation after the other, until `stop`. */
  start(lanes: number): void {
    const operations = [this.#service, this.#person, this.#metadata, this.#service];
    const lane = async (_: unknown, first: number) => {
      for (let count = first; !this.#over; count += 1) {
        const operation = operations[count % operations.length] ?? this.#metadata;
        await this.attempt(operation.name, () => operation.call(this));
      }
    };
    this.#lanes = Promise.all(Array.from({ length: lanes }, lane)).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#lanes;
  }

  /** A sign-in whose page is open; the person goes on when the function is called. */
  async openSignIn(): Promise<() => Promise<void>> {
    const agent = this.people.newAgent();
    const { url, redeem } = await this.people.begin();
    const page = await agent.open(url);
    return () =>
      this.attempt('an open sign-in', async () => {
        let shown = await this.#passwordInTurn(() => agent.submit(page, { ...alice }));
        if (shown.html.includes('value="allow"')) shown = await agent.submit(shown, { decision: 'allow' });
        if (!shown.left) throw new Error(`still at "${shown.title}" (${shown.status})`);
        await redeem(shown.left);
      });
  }

  async attempt(what: string, operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      if (!wasUnanswered(error)) this.#failed(what, 0, explain(error));
    }
  }

  async ask(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    this.requests += 1;
    const { method, url } = new Request(input, init);
    const what = `${method} ${new URL(url).pathname}`;
    const answer = await this.fetch(input, init).catch((error: unknown) => {
      this.#failed(what, 0, explain(error));
      throw new Unanswered(what, { cause: error });
    });
    if (answer.status < 500) return answer;
    this.#failed(what, answer.status, (await answer.text()).slice(0, 200));
    throw new Unanswered(what);
  }

  async #service(): Promise<void> {
    const { config } = this.service;
    const { access_token: token } = await openid.clientCredentialsGrant(config, { scope: 'api:read' });
    await this.verify(token);
    const { active } = await openid.tokenIntrospection(config, token);
    if (!active) throw new Error('a new token is not active');
  }

  async #person(): Promise<void> {
    const { config } = this.people;
    const { agent, tokens, claims, refreshToken, idToken } = await this.#passwordInTurn(() => this.people.signIn());
    await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
    let last = refreshToken;
    for (let count = 0; count < 3; count += 1) {
      const refreshed = await openid.refreshTokenGrant(config, last);
      await this.verify(refreshed.access_token);
      last = refreshed.refresh_token ?? '';
    }
    await this.#signInAgain(agent);
    const query = { id_token_hint: idToken, post_logout_redirect_uri: afterLogout };
    const { left, status } = await agent.open(openid.buildEndSessionUrl(config, query));
    if (left?.href !== afterLogout) throw new Error(`a logout ended at ${String(status)}`);
  }

  /** By the session that the browser has. */
  async #signInAgain(agent: UserAgent): Promise<void> {
    const { url, redeem } = await this.people.begin({ prompt: 'none', scope: 'openid' });
    const { left } = await agent.open(url);
    if (!left) throw new Error('no answer without a prompt');
    await redeem(left);
  }

  async #metadata(): Promise<void> {
    await this.ask(`${this.issuer}/.well-known/openid-configuration`);
    await this.ask(`${this.issuer}/jwks`);
    const answer = await this.ask(`${this.issuer}/audit/v1/log/checkpoint`);
    if (answer.status !== 200) throw new Error(`no checkpoint: ${answer.status}`);
  }

  /** One after the other, on however slow a machine: that a service refuses to hash too many at once is no failure. */
  #passwordInTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastPassword.then(work, work);
    this.#lastPassword = turn.catch(() => undefined);
    return turn;
  }

  #failed(what: string, status: number, reason: string): void {
    this.failures.push({ what, status, reason, at: performance.now() });
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}
