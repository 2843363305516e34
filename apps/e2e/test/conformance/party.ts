import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import * as openid from 'openid-client';
import { basic, type Shown, type UserAgent } from '../../src/index.js';
import { person, type Provider } from './provider.js';
import type { Variant } from './profiles.js';

export type Metadata = Readonly<Record<string, unknown>>;
export type Parameters = Readonly<Record<string, string | undefined>>;

/** An authorization request under way: what was asked, and what its answer is held against. */
export interface Asked {
  readonly url: URL;
  readonly state: string;
  readonly nonce: string | undefined;
  readonly verifier: string;
}

/** The response as it reached the redirect_uri, by whichever mode. */
export interface Answered {
  readonly asked: Asked;
  readonly parameters: URLSearchParams;
  /** For openid-client. */
  readonly current: URL | Request;
  readonly redirectUri: string;
}

/** What an authorization came to, once everything in it has been verified. */
export interface SignedIn {
  readonly answered: Answered;
  /** The ID token of the front channel, else of the token endpoint. */
  readonly claims: JWTPayload;
  readonly idToken: string;
  /** Of the token endpoint where there is one, else of the front channel. */
  readonly accessToken: string | undefined;
  readonly refreshToken: string | undefined;
}

/** A client that certification has registered, with every check that its specification asks of it. */
export class RegisteredParty {
  constructor(
    readonly provider: Provider,
    readonly variant: Variant,
    readonly config: openid.Configuration,
  ) {
    openid.setJwksCache(config, { jwks: { keys: [] }, uat: 0 });
    if (variant.responseType === 'code id_token') openid.useCodeIdTokenResponseType(config);
    if (variant.responseType === 'id_token') openid.useIdTokenResponseType(config);
    if (this.metadata['id_token_signed_response_alg'] !== 'none') openid.enableNonRepudiationChecks(config);
  }

  /** The same client by another configuration, which authenticates it otherwise. */
  withConfiguration(config: openid.Configuration): RegisteredParty {
    return new RegisteredParty(this.provider, this.variant, config);
  }

  get metadata(): Metadata {
    return this.config.clientMetadata();
  }

  get clientId(): string {
    return this.config.clientMetadata().client_id;
  }

  get redirectUri(): string {
    return (this.metadata['redirect_uris'] as string[])[0] ?? '';
  }

  has(word: 'code' | 'id_token' | 'token'): boolean {
    return this.variant.responseType.split(' ').includes(word);
  }

  /** An authorization request; `undefined` takes a parameter away. */
  async ask(parameters: Parameters = {}): Promise<Asked> {
    const verifier = openid.randomPKCECodeVerifier();
    const usual: Parameters = {
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      response_type: this.variant.responseType,
      response_mode: this.variant.formPost ? 'form_post' : undefined,
      scope: 'openid',
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      ...(this.has('code') && {
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
    };
    const sent = Object.entries({ ...usual, ...parameters }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const url = new URL(this.config.serverMetadata().authorization_endpoint ?? '');
    url.search = new URLSearchParams(sent).toString();
    const { state = '', nonce } = Object.fromEntries(sent);
    return { url, state, nonce, verifier };
  }

  /** Opens a request as a person would who signs in and agrees where they are asked to. */
  async send(asked: Asked, agent: UserAgent): Promise<Answered> {
    return this.receive(asked, await agent.answer(asked.url, person));
  }

  /** Where a browser is sent to sign out; `undefined` takes a parameter away. */
  endSession(query: Parameters): URL {
    const url = new URL(this.config.serverMetadata().end_session_endpoint ?? '');
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  /** The response out of what the browser shows last: the URL that it left for, or the form that posts itself. */
  receive(asked: Asked, shown: Shown): Answered {
    if (this.variant.formPost) {
      const { action, fields } = shown;
      if (action === undefined || action.startsWith('/')) throw new Error(`no form to post: ${shown.html}`);
      const body = new URLSearchParams(fields);
      return { asked, parameters: body, redirectUri: action, current: new Request(action, { method: 'POST', body }) };
    }
    // Nobody vouches for a client that registered itself, so the person takes the way of an error; there is no person at prompt=none.
    const left = shown.left ?? (asked.url.searchParams.get('prompt') === 'none' ? undefined : shown.onward);
    if (left === undefined) throw new Error(`still at "${shown.title}" (${shown.status}): ${shown.html}`);
    return this.arrived(asked, left);
  }

  /** The response out of the URL that a browser has come to. */
  arrived(asked: Asked, current: URL): Answered {
    const inFragment = this.variant.responseType !== 'code';
    const parameters = new URLSearchParams(inFragment ? current.hash.slice(1) : current.search);
    return { asked, parameters, redirectUri: current.origin + current.pathname, current };
  }

  async signIn(parameters: Parameters = {}, agent = this.provider.newAgent()): Promise<SignedIn> {
    return this.verify(await this.send(await this.ask(parameters), agent));
  }

  /** Verifies all of a response and redeems its code; throws for whatever does not hold. */
  async verify(answered: Answered): Promise<SignedIn> {
    const { parameters, asked } = answered;
    const error = parameters.get('error');
    if (error !== null) throw new Error(`${error}: ${String(parameters.get('error_description'))}`);
    if (parameters.get('state') !== asked.state) throw new Error('the state is not what was sent');
    if (parameters.get('iss') !== this.provider.issuer) throw new Error('the response is of another issuer');
    // OpenID Connect Session Management 1.0 section 2: always, whatever carries the response.
    if (!/^[\w-]+\.[\w-]+$/.test(parameters.get('session_state') ?? '')) throw new Error('no session_state came');
    const front = await this.#frontChannel(answered);
    if (!this.has('code')) {
      if (front === undefined) throw new Error('no ID token came');
      const accessToken = parameters.get('access_token') ?? undefined;
      return { answered, ...front, accessToken, refreshToken: undefined };
    }
    const tokens = await this.redeem(answered);
    const { id_token: idToken = '', access_token: accessToken, refresh_token: refreshToken } = tokens;
    const back = { claims: tokens.claims() as unknown as JWTPayload, idToken };
    if (front !== undefined && (front.claims.sub !== back.claims.sub || front.claims.iss !== back.claims.iss))
      throw new Error('the two ID tokens speak of different people');
    return { answered, ...(front ?? back), accessToken, refreshToken };
  }

  /** At the token endpoint, by openid-client, with its strict checks of what comes back. */
  redeem({ asked, current, parameters, redirectUri }: Answered) {
    const bySelf = this.variant.responseType === 'code' || this.variant.responseType === 'code id_token';
    const checks = {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
      ...(asked.nonce !== undefined && { expectedNonce: asked.nonce }),
      idTokenExpected: true,
    };
    const response = bySelf ? current : codeAlone(redirectUri, parameters);
    return openid.authorizationCodeGrant(this.config, response, checks);
  }

  /** The same with nothing but HTTP: openid-client takes the query of a redirect_uri for a part of the response. */
  async redeemPlainly({ asked, parameters }: Answered): Promise<string> {
    const { client_id: id, client_secret: secret } = this.config.clientMetadata();
    const answer = await this.provider.fetch(this.config.serverMetadata().token_endpoint ?? '', {
      method: 'POST',
      headers: { Authorization: basic(id, String(secret)) },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: parameters.get('code') ?? '',
        redirect_uri: this.redirectUri,
        code_verifier: asked.verifier,
      }),
    });
    const body = (await answer.json()) as { readonly id_token?: string };
    return body.id_token ?? '';
  }

  /** OpenID Connect Core 3.2.2.9 to 3.2.2.11 and 3.3.2.9 to 3.3.2.11. */
  async #frontChannel({ parameters, asked, current }: Answered) {
    if (this.has('token') !== (parameters.get('access_token') !== null)) throw new Error('access token or none');
    if (this.has('token')) {
      if (parameters.get('token_type')?.toLowerCase() !== 'bearer') throw new Error('the token_type is missing');
      if (!/^\d+$/.test(parameters.get('expires_in') ?? '')) throw new Error('expires_in is missing');
    }
    const idToken = parameters.get('id_token');
    if (this.has('id_token') !== (idToken !== null)) throw new Error('ID token or none');
    if (idToken === null) return undefined;
    if (this.variant.responseType === 'id_token') {
      const checks = { expectedState: asked.state };
      const copy = current instanceof Request ? current.clone() : current;
      await openid.implicitAuthentication(this.config, copy, asked.nonce ?? '', checks);
    }
    const claims = await this.verifyIdToken(idToken);
    const { alg = '' } = decodeProtectedHeader(idToken);
    if (claims['nonce'] !== asked.nonce) throw new Error('the nonce is not what was sent');
    const holds = (claim: string, value: string | null) => {
      if (value !== null && claims[claim] !== leftHalf(alg, value)) throw new Error(`${claim} does not hold`);
    };
    holds('at_hash', parameters.get('access_token'));
    holds('c_hash', parameters.get('code'));
    holds('s_hash', asked.state);
    return { claims, idToken };
  }

  /** Signature by the provider's keys, iss, aud, exp, iat. */
  async verifyIdToken(idToken: string): Promise<JWTPayload> {
    const { issuer } = this.provider;
    const keys = (await (await this.provider.fetch(`${issuer}/jwks`)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      issuer,
      audience: this.clientId,
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    return payload;
  }

  userinfo(accessToken: string, sub: string) {
    return openid.fetchUserInfo(this.config, accessToken, sub);
  }

  /** Where the claims of scopes are told: at userinfo, or in the ID token of a response without an access token (section 5.4). */
  async claimsOf({ accessToken, claims }: SignedIn): Promise<Readonly<Record<string, unknown>>> {
    return accessToken === undefined ? claims : await this.userinfo(accessToken, claims.sub ?? '');
  }
}

const codeAlone = (redirectUri: string, parameters: URLSearchParams): URL => {
  const url = new URL(redirectUri);
  for (const name of ['code', 'state', 'iss']) url.searchParams.set(name, parameters.get(name) ?? '');
  return url;
};

const leftHalf = (alg: string, value: string): string => {
  const hash = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256')
    .update(value, 'ascii')
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
};

export const authTimeOf = (idToken: string): number => Number(decodeJwt(idToken)['auth_time']);
