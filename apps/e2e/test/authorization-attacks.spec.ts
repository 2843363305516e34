import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import {
  alice,
  callback,
  issuerOf,
  Plane,
  RawClient,
  RelyingParty,
  secrets,
  twinTenants,
  UserAgent,
  type Shown,
} from '../src/index.js';

// RFC 9700: each attack on the authorization endpoint, by name.
let plane: Plane;
let demo: RawClient;
let other: RawClient;
let hybrid: RawClient;
let spa: RawClient;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
  demo = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
  other = new RawClient(plane.issuer, 'default', 'other', secrets.other);
  hybrid = new RawClient(plane.issuer, 'default', 'hybrid', secrets.hybrid);
  spa = new RawClient(plane.issuer, 'default', 'demo-spa');
}, 180_000);
afterAll(() => plane.stop());

const refused = { status: 400, body: { error: 'invalid_grant' } };
const claimsOf = (jwt: unknown) =>
  JSON.parse(Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
/** The error of a redirect, wherever in it. */
const errorOf = ({ left }: Shown) =>
  left?.searchParams.get('error') ?? new URLSearchParams(left?.hash.slice(1)).get('error');

describe('redirect tricks (RFC 9700 section 4.1)', () => {
  const tricks = [
    `${callback}/..%2fevil`,
    `${callback}/../evil`,
    'http://localhost:4001@evil.example/callback',
    'http://localhost:4001.evil.example/callback',
    'http://localhost:4002/callback',
    `${callback}#`,
    `${callback}?x=1`,
    'http://LOCALHOST:4001/callback',
    '//localhost:4001/callback',
  ];
  it.each(['query', 'fragment', 'form_post'].flatMap((mode) => tricks.map((uri) => [mode, uri] as const)))(
    'by %s to %s',
    async (mode, uri) => {
      const { agent } = await hybrid.signIn();
      const page = await agent.open(hybrid.authorizationUrl({ response_mode: mode, redirect_uri: uri }));
      expect([page.status, page.left, page.action]).toEqual([400, undefined, undefined]);
    },
  );
});

describe('PKCE downgrade (RFC 9700 section 4.8.2)', () => {
  it('a challenge at /authorize, and no verifier at /token', async () => {
    const code = await demo.signIn();
    expect(await demo.redeem(code, { code_verifier: undefined })).toMatchObject(refused);
    expect((await demo.redeem(code)).status).toBe(200);
  });

  it('no challenge at /authorize, and a verifier at /token', async () => {
    const code = await demo.signIn({ code_challenge: undefined, code_challenge_method: undefined });
    expect(await demo.redeem(code)).toMatchObject(refused);
    expect((await demo.redeem(code, { code_verifier: undefined })).status).toBe(200);
  });

  it.each([{ code_challenge_method: 'plain' }, { code_challenge_method: undefined }])('%j', async (fields) => {
    const { agent } = await demo.signIn();
    const answer = await agent.open(demo.authorizationUrl({ code_challenge: 'x'.repeat(43), ...fields }));
    expect(errorOf(answer)).toBe('invalid_request');
  });

  it('no challenge of a public client, for any response type with a code', async () => {
    const answer = await new UserAgent(plane.issuer).open(spa.authorizationUrl());
    expect(errorOf(answer)).toBe('invalid_request');
  });
});

describe('code injection (RFC 9700 section 4.5)', () => {
  it('a code of another client', async () => {
    const stolen = await demo.signIn();
    expect(await other.redeem(stolen)).toMatchObject(refused);
    expect((await demo.redeem(stolen)).status).toBe(200);
  });

  it('a code of another session, against the verifier of this one', async () => {
    const [victim, attacker] = [await demo.signIn(), await demo.signIn()];
    expect(await demo.redeem({ code: attacker.code, verifier: victim.verifier })).toMatchObject(refused);
  });

  it('a code of another session without PKCE: the nonce in the ID token is the other one’s', async () => {
    const plain = { code_challenge: undefined, code_challenge_method: undefined };
    await demo.signIn({ ...plain, nonce: 'of the victim' });
    const attacker = await demo.signIn({ ...plain, nonce: 'of the attacker' });
    const answer = await demo.redeem(attacker, { code_verifier: undefined });
    expect(claimsOf(answer.body['id_token'])['nonce']).toBe('of the attacker');
  });

  it('a code put into another hybrid response: c_hash is of the one that it came with', async () => {
    const { agent } = await hybrid.signIn();
    const hashes = await Promise.all(
      ['a', 'b'].map(async (nonce) => {
        const { left } = await agent.open(hybrid.authorizationUrl({ response_type: 'code id_token', nonce }));
        return claimsOf(new URLSearchParams(left?.hash.slice(1)).get('id_token'))['c_hash'];
      }),
    );
    expect(new Set(hashes).size).toBe(2);
  });
});

describe('mix-up (RFC 9207)', () => {
  it.each(['query', 'fragment', 'form_post'])('every response by %s, error or not, names its issuer', async (mode) => {
    for (const slug of ['default', 'globex'] as const) {
      const client = new RawClient(plane.issuer, slug, 'hybrid', secrets.hybrid);
      const { agent } = await client.signIn();
      for (const fields of [{}, { scope: 'root' }, { prompt: 'none', max_age: '0' }]) {
        const shown = await agent.open(client.authorizationUrl({ response_mode: mode, ...fields }));
        const place = shown.left?.hash ? shown.left.hash.slice(1) : (shown.left?.search ?? '');
        const iss = shown.left ? new URLSearchParams(place).get('iss') : shown.fields['iss'];
        expect(iss).toBe(issuerOf(plane.issuer, slug));
      }
    }
  });

  it('a client that meant another issuer refuses the response', async () => {
    const honest = await RelyingParty.discover(plane.issuer, 'demo', openid.ClientSecretBasic(secrets.demo));
    const { redeem } = await honest.begin();
    const globex = new RawClient(plane.issuer, 'globex', 'demo', secrets.demo);
    const { left } = await new UserAgent(plane.issuer).answer(globex.authorizationUrl(), alice);
    await expect(redeem(left ?? new URL(callback))).rejects.toThrow();
  });
});

describe('response_mode confusion', () => {
  it.each(['id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'])(
    'no token of %s in a query, where logs and Referer keep it',
    async (response_type) => {
      const { agent } = await hybrid.signIn();
      const url = hybrid.authorizationUrl({ response_type, response_mode: 'query', nonce: 'n' });
      const answer = await agent.open(url);
      expect([answer.left?.search, errorOf(answer)]).toEqual(['', 'invalid_request']);
    },
  );

  it('a code may not be sent to a fragment’s reader by a doubled parameter', async () => {
    const { agent } = await demo.signIn();
    const answer = await agent.open(`${demo.authorizationUrl({ response_mode: 'query' })}&response_mode=fragment`);
    expect(answer.left?.searchParams.get('error')).toBe('invalid_request');
  });
});

describe('implicit for a client that did not register it (RFC 9700 section 2.1.2)', () => {
  it.each(['id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'token id_token'])(
    '%s',
    async (response_type) => {
      const { agent } = await demo.signIn();
      const answer = await agent.open(demo.authorizationUrl({ response_type, nonce: 'n' }));
      expect(errorOf(answer)).toBe('unauthorized_client');
      expect(answer.left?.href).not.toMatch(/(?:access|id)_token=|code=/);
    },
  );
});

describe('prompt=none never interacts', () => {
  it.each<[string, Record<string, string>, string]>([
    ['nobody signed in', {}, 'login_required'],
    ['an old sign-in', { max_age: '0' }, 'login_required'],
    ['somebody else who is meant', { claims: '{"id_token":{"sub":{"value":"x"}}}' }, 'login_required'],
    ['another prompt', { prompt: 'none select_account' }, 'invalid_request'],
    [
      'an acr that cannot be',
      { claims: '{"id_token":{"acr":{"essential":true,"value":"x"}}}' },
      'unmet_authentication_requirements',
    ],
    ['a hint that is none', { id_token_hint: 'x' }, 'invalid_request'],
    ['no consent', { client_id: 'only-default' }, 'consent_required'],
  ])('for %s', async (what, fields, error) => {
    const agent = what === 'nobody signed in' ? new UserAgent(plane.issuer) : (await demo.signIn()).agent;
    const answer = await agent.open(demo.authorizationUrl({ prompt: 'none', ...fields }));
    expect([answer.status, answer.html, errorOf(answer)]).toEqual([303, '', error]);
  });
});

describe('duplicated parameters (RFC 6749 section 3.1)', () => {
  it.each(['response_type', 'response_mode', 'scope', 'state', 'nonce', 'prompt', 'claims', 'code_challenge'])(
    '%s',
    async (name) => {
      const { agent } = await demo.signIn();
      const answer = await agent.open(`${demo.authorizationUrl({ [name]: 'code' })}&${name}=openid`);
      expect(errorOf(answer)).toBe('invalid_request');
      expect(answer.left?.href).not.toContain('&code=');
    },
  );
});
