import { showId } from '@signet/contracts';
import type { Plane } from './plane.js';
import { RawClient, type Code, type TokenSet } from './raw-client.js';
import { until } from './programs.js';
import { secrets } from './twin-tenants.js';
import { UserAgent } from './user-agent.js';

/** What a session is good for. */
export const uses = ['refresh', 'introspect', 'userinfo', 'sso', 'redeem'] as const;
export type Use = (typeof uses)[number];

/** Something that was tried with a session; times are the test's own, in milliseconds. */
export interface Attempt {
  readonly member: Member;
  readonly use: Use;
  readonly began: number;
  /** `granted`: it went as if the session lived. `away`: 503, or no answer. */
  readonly outcome: 'granted' | 'refused' | 'away';
}

export const personOf = (number: number) => ({ username: `u${number}`, password: 'a-password-of-its-own' });

/** Online: everything ends with the session. */
const online = { scope: 'openid profile' };

/** One person of a crowd, signed in once. */
export interface Member {
  readonly number: number;
  readonly agent: UserAgent;
  tokens: TokenSet;
  /** Not redeemed yet; taken away by whoever tries. */
  code: Pick<Code, 'code' | 'verifier'> | undefined;
  /** When its end was acknowledged, and what ended it. */
  ended: { readonly at: number; readonly by: string } | undefined;
  /** Only one refreshes at a time: two would be two clients. */
  refreshing: boolean;
}

/** The id of the session that the browser's cookie names, as the Management API shows it. */
export function shownSession({ agent }: Member): string {
  for (const value of agent.cookies.values()) {
    const [, id] = /^([0-9a-f-]{36})\.[\w-]{43}$/.exec(value) ?? [];
    if (id !== undefined) return showId('ses', id);
  }
  throw new Error('no session in this browser');
}

/** People who are signed in at a plane, and what they and their client try at its replicas. */
export class Crowd {
  readonly attempts: Attempt[] = [];
  readonly #replicas: readonly RawClient[];
  readonly #front: RawClient;

  constructor(
    private readonly plane: Plane,
    private readonly random: () => number,
  ) {
    const replicas = plane.parts.filter(({ services }) => services.includes('token'));
    this.#replicas = replicas.map(({ origin }) => new RawClient(origin, 'default', 'demo', secrets.demo));
    this.#front = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
  }

  /** In their own time: a busy plane answers some of a crowd with 503. */
  signIn(number: number): Promise<Member> {
    return until(`${number} to be signed in`, () => this.#signIn(number));
  }

  /** Another code of a member's session, which nobody tries before the member has it. */
  codeOf(member: Member): Promise<Code> {
    const person = personOf(member.number);
    return until('a code', () => this.#front.signIn(online, member.agent, person));
  }

  async #signIn(number: number): Promise<Member> {
    const agent = new UserAgent(this.plane.issuer);
    const signedIn = await this.#front.signIn(online, agent, personOf(number));
    const answer = await this.#front.redeem(signedIn);
    const tokens = answer.body as unknown as TokenSet;
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    const code = await this.#front.signIn(online, agent, personOf(number));
    return { number, agent, tokens, code, ended: undefined, refreshing: false };
  }

  /** Tries one thing at one replica and notes it, if it can be tried now. */
  async attempt(member: Member, use: Use, replica = this.#pick(this.#replicas)): Promise<Attempt | undefined> {
    if (use === 'redeem' && member.code === undefined) return undefined;
    if (use === 'refresh' && member.refreshing) return undefined;
    const began = performance.now();
    const outcome = await this.#try(member, use, replica).catch(() => 'away' as const);
    const attempt = { member, use, began, outcome };
    this.attempts.push(attempt);
    return attempt;
  }

  attemptByChance(members: readonly Member[]): Promise<Attempt | undefined> {
    return this.attempt(this.#pick(members), this.#pick(uses));
  }

  /** Everything that there is to try, at each replica. */
  async attemptAll(member: Member): Promise<Attempt[]> {
    const made: Attempt[] = [];
    for (const replica of this.#replicas) {
      for (const use of uses) {
        const attempt = await this.attempt(member, use, replica);
        if (attempt) made.push(attempt);
      }
    }
    return made;
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  async #try(member: Member, use: Use, replica: RawClient): Promise<Attempt['outcome']> {
    switch (use) {
      case 'refresh':
        return await this.#refresh(member, replica);
      case 'introspect': {
        const answer = await replica.introspect(member.tokens.access_token);
        return answer.status === 503 ? 'away' : answer.body['active'] === true ? 'granted' : 'refused';
      }
      case 'userinfo':
        return outcomeOf((await replica.userinfo(member.tokens.access_token)).status);
      case 'sso': {
        const { status, left } = await member.agent.open(this.#front.authorizationUrl({ ...online, prompt: 'none' }));
        return status === 503 ? 'away' : left?.searchParams.has('code') === true ? 'granted' : 'refused';
      }
      case 'redeem': {
        const { code } = member;
        member.code = undefined;
        return code === undefined ? 'away' : outcomeOf((await replica.redeem(code)).status);
      }
    }
  }

  async #refresh(member: Member, replica: RawClient): Promise<Attempt['outcome']> {
    member.refreshing = true;
    try {
      const answer = await replica.refresh(member.tokens.refresh_token);
      if (answer.status === 200) member.tokens = { ...member.tokens, ...(answer.body as unknown as TokenSet) };
      return outcomeOf(answer.status);
    } finally {
      member.refreshing = false;
    }
  }
}

function outcomeOf(status: number): Attempt['outcome'] {
  if (status === 200) return 'granted';
  return status === 503 ? 'away' : 'refused';
}
