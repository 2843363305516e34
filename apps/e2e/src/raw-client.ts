import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Proofs } from './dpop-prover.js';
import { alice, callback, endpoint, type TenantSlug } from './twin-tenants.js';
import { UserAgent, type Person } from './user-agent.js';

const tokenSet = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  id_token: z.string(),
  scope: z.string().optional(),
});
export type TokenSet = z.output<typeof tokenSet>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Code {
  readonly code: string;
  readonly verifier: string;
  readonly agent: UserAgent;
}

type Fields = Readonly<Record<string, string | undefined>>;

const present = (fields: Fields) =>
  new URLSearchParams(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** A client that sends exactly what it is told to, without a library's checks. */
export class RawClient {
  constructor(
    readonly base: string,
    readonly slug: TenantSlug,
    readonly clientId: string,
    /** Sent by client_secret_basic; a public client has none. */
    readonly secret?: string,
    /** Sent with every form. */
    private readonly proofs?: Proofs,
  ) {}

  /** The same client, by these proofs. */
  proving(proofs: Proofs): RawClient {
    return new RawClient(this.base, this.slug, this.clientId, this.secret, proofs);
  }

  at(path: string): string {
    return endpoint(this.base, this.slug, path);
  }

  /** An authorization request; `undefined` takes a parameter away. */
  authorizationUrl(fields: Fields = {}): string {
    const usual = {
      client_id: this.clientId,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid profile email offline_access',
      state: 'a state',
    };
    return `${this.at('/authorize')}?${present({ ...usual, ...fields }).toString()}`;
  }

  async signIn(fields: Fields = {}, agent = new UserAgent(this.base), person: Person = alice): Promise<Code> {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const url = this.authorizationUrl({ code_challenge: challenge, code_challenge_method: 'S256', ...fields });
    const code = (await agent.authorize(url, person)).searchParams.get('code');
    if (code === null) throw new Error('no code came');
    return { code, verifier, agent };
  }

  redeem({ code, verifier }: Pick<Code, 'code' | 'verifier'>, fields: Fields = {}): Promise<Answer> {
    return this.token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
      ...fields,
    });
  }

  refresh(token: string, fields: Fields = {}): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: token, ...fields });
  }

  async signInForTokens(fields: Fields = {}, agent?: UserAgent): Promise<TokenSet & Code> {
    const code = await this.signIn(fields, agent);
    return { ...code, ...tokensOf(await this.redeem(code)) };
  }

  token(fields: Fields): Promise<Answer> {
    return this.post('/token', fields);
  }

  introspect(token: string): Promise<Answer> {
    return this.post('/introspect', { token });
  }

  revoke(token: string): Promise<Answer> {
    return this.post('/revoke', { token });
  }

  async userinfo(token: string): Promise<Answer> {
    return answerOf(await fetch(this.at('/userinfo'), { headers: { Authorization: `Bearer ${token}` } }));
  }

  async post(path: string, fields: Fields): Promise<Answer> {
    const { clientId, secret } = this;
    const headers = new Headers();
    if (secret !== undefined) headers.set('Authorization', basic(clientId, secret));
    const body = present({ ...(secret === undefined && { client_id: clientId }), ...fields });
    const send = async (): Promise<Answer> => {
      const url = this.at(path);
      if (this.proofs) headers.set('DPoP', await this.proofs.proof('POST', url));
      const answer = await answerOf(await fetch(url, { method: 'POST', headers, body }));
      this.proofs?.learn(answer.headers);
      return answer;
    };
    const answer = await send();
    return answer.body['error'] === 'use_dpop_nonce' ? send() : answer;
  }
}

export const basic = (clientId: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;

export const tokensOf = (answer: Answer): TokenSet => tokenSet.parse(answer.body);

/** `body` is empty where the answer is no JSON object. */
export async function answerOf(answer: Response): Promise<Answer> {
  const text = await answer.text();
  const json = answer.headers.get('Content-Type')?.includes('application/json') ? (JSON.parse(text) as unknown) : {};
  return { status: answer.status, headers: answer.headers, body: z.record(z.string(), z.unknown()).parse(json) };
}
