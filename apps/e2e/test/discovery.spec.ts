import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issuerOf, Plane, RawClient, secrets, tenants, twinTenants, UserAgent, type TenantSlug } from '../src/index.js';

type Document = Readonly<Record<string, unknown>>;

/** The twin tenants, of which the first lets clients register themselves. */
function openAtDefault(): string {
  const file = twinTenants();
  const { tenants: declared } = JSON.parse(readFileSync(file, 'utf8')) as { tenants: Record<string, unknown>[] };
  const opened = declared.map((tenant) => ({
    ...tenant,
    registration: { mode: tenant['slug'] === 'default' ? 'open' : 'closed' },
  }));
  writeFileSync(file, JSON.stringify({ tenants: opened }));
  return file;
}

let plane: Plane;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: openAtDefault() });
}, 90_000);
afterAll(() => plane.stop());

const discovered = async (slug: TenantSlug): Promise<Document> =>
  (await (await fetch(`${issuerOf(plane.issuer, slug)}/.well-known/openid-configuration`)).json()) as Document;
const listed = (document: Document, member: string): string[] => document[member] as string[];

/** What becomes of an authorization request: `page` where the person is asked to sign in, else the error. */
async function outcomeOf(slug: TenantSlug, fields: Readonly<Record<string, string>>): Promise<string> {
  const client = new RawClient(plane.issuer, slug, 'hybrid', secrets.hybrid);
  const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
  const shown = await new UserAgent(plane.issuer).open(
    client.authorizationUrl({ nonce: 'n', ...challenge, ...fields }),
  );
  if (shown.html.includes('type="password"')) return 'page';
  const { left, fields: posted } = shown;
  const answer = new URLSearchParams(left?.search || left?.hash.slice(1));
  return answer.get('error') ?? posted['error'] ?? `status ${shown.status}`;
}

const registered = async (metadata: object) => {
  const response = await fetch(`${plane.issuer}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['https://client.example/callback'], ...metadata }),
  });
  return { status: response.status, body: (await response.json()) as Document };
};

describe.each(tenants)('discovery of tenant %s tells what is so', (slug) => {
  it('of its endpoints, each of which answers', async () => {
    const document = await discovered(slug);
    const endpoints = Object.entries(document).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    expect(endpoints.length).toBeGreaterThan(8);
    for (const [name, url] of endpoints) {
      const reads = ['authorization_endpoint', 'jwks_uri', 'end_session_endpoint', 'userinfo_endpoint'].includes(name);
      const { status } = await fetch(String(url), { method: reads ? 'GET' : 'POST', redirect: 'manual' });
      expect([`${name} 404`, `${name} 405`, `${name} 500`]).not.toContain(`${name} ${status}`);
    }
  });

  it('of response types and modes', async () => {
    const document = await discovered(slug);
    for (const type of listed(document, 'response_types_supported')) {
      expect({ type, outcome: await outcomeOf(slug, { response_type: type }) }).toEqual({ type, outcome: 'page' });
    }
    expect(await outcomeOf(slug, { response_type: 'token' })).toBe('unsupported_response_type');
    for (const mode of listed(document, 'response_modes_supported')) {
      expect({ mode, outcome: await outcomeOf(slug, { response_mode: mode }) }).toEqual({ mode, outcome: 'page' });
    }
    expect(await outcomeOf(slug, { response_mode: 'query.jwt' })).toBe('invalid_request');
  });

  it('of prompts, displays and challenges', async () => {
    const document = await discovered(slug);
    for (const prompt of listed(document, 'prompt_values_supported')) {
      const expected = prompt === 'none' ? 'login_required' : 'page';
      expect({ prompt, outcome: await outcomeOf(slug, { prompt }) }).toEqual({ prompt, outcome: expected });
    }
    for (const display of listed(document, 'display_values_supported')) {
      expect({ display, outcome: await outcomeOf(slug, { display }) }).toEqual({ display, outcome: 'page' });
    }
    expect(listed(document, 'code_challenge_methods_supported')).toEqual(['S256']);
    expect(await outcomeOf(slug, { code_challenge_method: 'plain' })).toBe('invalid_request');
  });

  it('of the languages of the pages, and of no others', async () => {
    const document = await discovered(slug);
    const client = new RawClient(plane.issuer, slug, 'hybrid', secrets.hybrid);
    const shown = (locale: string) =>
      new UserAgent(plane.issuer).open(client.authorizationUrl({ ui_locales: locale, nonce: 'n' }));
    const languageOf = async (locale: string) => /<html lang="([^"]*)"/.exec((await shown(locale)).html)?.[1];
    const locales = listed(document, 'ui_locales_supported');
    expect(locales.length).toBeGreaterThan(1);
    for (const locale of locales) expect(await languageOf(locale)).toBe(locale);
    const titles = await Promise.all(locales.map(async (locale) => (await shown(locale)).title));
    expect(new Set(titles).size).toBe(locales.length);
    expect(locales).not.toContain('ja');
    expect(await languageOf('ja')).toBe('en');
    // An account has one value of each claim.
    expect(document).not.toHaveProperty('claims_locales_supported');
  });

  it('of grant types', async () => {
    const client = new RawClient(plane.issuer, slug, 'demo', secrets.demo);
    const errorOf = async (grantType: string) => (await client.token({ grant_type: grantType })).body['error'];
    const ofTokenEndpoint = listed(await discovered(slug), 'grant_types_supported').filter(
      (type) => type !== 'implicit',
    );
    expect(ofTokenEndpoint.length).toBeGreaterThan(3);
    for (const type of ofTokenEndpoint) {
      expect({ type, error: await errorOf(type) }).not.toEqual({ type, error: 'unsupported_grant_type' });
    }
    expect(await errorOf('password')).toBe('unsupported_grant_type');
  });

  it('of scopes, claims and acr, by a sign-in that uses them all', async () => {
    const document = await discovered(slug);
    const client = new RawClient(plane.issuer, slug, 'demo', secrets.demo);
    const { id_token: idToken, access_token: accessToken } = await client.signInForTokens();
    const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as Document;
    expect(listed(document, 'acr_values_supported')).toContain(claims['acr']);
    const ofProtocol = ['at_hash', 'nonce'];
    const told = [...Object.keys(claims), ...Object.keys((await client.userinfo(accessToken)).body)];
    expect(listed(document, 'claims_supported')).toEqual(
      expect.arrayContaining(told.filter((name) => !ofProtocol.includes(name))),
    );
    expect(listed(document, 'scopes_supported')).toEqual(expect.arrayContaining(['openid', 'email', 'api:read']));
  });
});

describe('registration takes what discovery names, and nothing else', () => {
  const keys = { jwks_uri: 'https://client.example/jwks' };

  it.each<[string, (value: string) => object, string]>([
    [
      'token_endpoint_auth_methods_supported',
      (value) => ({ token_endpoint_auth_method: value, ...(value === 'private_key_jwt' && keys) }),
      'tls_client_auth',
    ],
    ['id_token_signing_alg_values_supported', (value) => ({ id_token_signed_response_alg: value }), 'HS256'],
    ['userinfo_signing_alg_values_supported', (value) => ({ userinfo_signed_response_alg: value }), 'HS256'],
    [
      'id_token_encryption_alg_values_supported',
      (value) => ({ id_token_encrypted_response_alg: value, ...keys }),
      'RSA1_5',
    ],
    [
      'userinfo_encryption_alg_values_supported',
      (value) => ({ userinfo_encrypted_response_alg: value, ...keys }),
      'RSA1_5',
    ],
    [
      'request_object_signing_alg_values_supported',
      (value) => ({ request_object_signing_alg: value, ...keys }),
      'HS256',
    ],
    ['subject_types_supported', (value) => ({ subject_type: value }), 'ephemeral'],
  ])('%s', async (member, metadata, unknown) => {
    const values = listed(await discovered('default'), member);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) {
      const { status, body } = await registered(metadata(value));
      expect({ value, status }).toEqual({ value, status: 201 });
      expect(body).toMatchObject(metadata(value));
    }
    expect(values).not.toContain(unknown);
    expect(await registered(metadata(unknown))).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata' },
    });
  });

  it('is named where it is open, and there alone', async () => {
    expect((await discovered('default'))['registration_endpoint']).toBe(`${plane.issuer}/register`);
    expect(await discovered('globex')).not.toHaveProperty('registration_endpoint');
    expect((await fetch(`${plane.issuer}/register/t/globex`, { method: 'POST' })).status).toBe(404);
  });
});
