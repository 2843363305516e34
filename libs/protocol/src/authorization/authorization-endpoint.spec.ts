import { describe, expect, it } from '@jest/globals';
import { API, NOW, TENANT, aClient, aPublicClient, directoryOf, hints } from '../../test/fixtures.js';
import { invalidRequestObject } from '../errors/oauth-error.js';
import { parseParameters } from '../parameters.js';
import type { RequestObjects } from '../request-object/request-objects.js';
import { fail, ok } from '../result.js';
import { validateAuthorizationRequest } from './authorization-endpoint.js';
import { authorizationRequestSchema } from './authorization-request.js';

const clients = directoryOf(
  aClient(),
  aPublicClient({ redirectUris: ['http://127.0.0.1/cb'], applicationType: 'native' }),
  aClient({ clientId: 'closed', enabled: false }),
  aClient({ clientId: 'careful', defaultAcrValues: ['urn:a', 'urn:b'] }),
);

const minimal = {
  client_id: 'shop',
  redirect_uri: 'https://shop.example/callback',
  response_type: 'code',
  scope: 'openid',
  state: 's-1',
};

/** A good request with some of its parameters changed, or left out. */
const query = (changes: Readonly<Record<string, string | undefined>> = {}): string => {
  const parameters = new URLSearchParams(minimal);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) parameters.delete(name);
    else parameters.set(name, value);
  }
  return parameters.toString();
};

/** The object is its own parameters, as a form; `broken` is none. */
const requestObjects: RequestObjects = {
  resolve: (_client, asked) => {
    const text = 'request' in asked ? asked.request : asked.requestUri;
    if (text === 'broken') return Promise.resolve(fail(invalidRequestObject('broken')));
    const parameters = Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, [value]]));
    return Promise.resolve(ok({ parameters }));
  },
};

const validate = (raw: string) =>
  validateAuthorizationRequest(parseParameters(raw), { clients, requestObjects, hints, receivedAt: NOW });

describe('validateAuthorizationRequest', () => {
  it('makes a request of the least that is needed', async () => {
    const outcome = await validate(query({ state: undefined }));
    if (outcome.kind !== 'valid') throw new Error(outcome.kind);
    expect(outcome.registered.client.clientId).toBe('shop');
    expect(JSON.parse(JSON.stringify(outcome.request))).toEqual({
      tenantId: TENANT,
      clientId: 'shop',
      redirectUri: 'https://shop.example/callback',
      responseType: 'code',
      responseMode: 'query',
      scopes: ['openid'],
      prompt: [],
      acrValues: [],
      claims: { userinfo: [], idToken: [] },
      uiLocales: [],
      resources: [],
      receivedAt: NOW,
      byObject: false,
    });
  });

  it('carries everything that was asked for, through JSON and back', async () => {
    const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    const outcome = await validate(
      query({
        client_id: 'spa',
        redirect_uri: 'http://127.0.0.1:51234/cb',
        scope: 'openid email',
        nonce: 'n-1',
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        prompt: 'login consent',
        max_age: '60',
        login_hint: 'alice',
        id_token_hint: 'of-alice',
        claims: '{"userinfo":{"email":null},"id_token":{"acr":{"essential":true,"values":["urn:a"]}}}',
        claims_locales: 'fr',
        display: 'popup',
        acr_values: 'urn:a urn:b',
        ui_locales: 'fr-CA fr',
        resource: API,
        unknown_parameter: 'ignored',
      }),
    );
    if (outcome.kind !== 'valid') throw new Error(outcome.kind);
    const { request } = outcome;
    expect(request).toEqual({
      tenantId: TENANT,
      clientId: 'spa',
      redirectUri: 'http://127.0.0.1:51234/cb',
      responseType: 'code',
      responseMode: 'query',
      state: 's-1',
      nonce: 'n-1',
      scopes: ['openid', 'email'],
      codeChallenge,
      prompt: ['login', 'consent'],
      maxAge: 60,
      loginHint: 'alice',
      subjects: ['sub-alice'],
      essentialAcr: ['urn:a'],
      claims: { userinfo: ['email'], idToken: ['acr'] },
      display: 'popup',
      acrValues: ['urn:a', 'urn:b'],
      uiLocales: ['fr-CA', 'fr'],
      resources: [API],
      receivedAt: NOW,
      byObject: false,
    });
    expect(authorizationRequestSchema.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  // RFC 6749 section 4.1.2.1; oidcc-ensure-registered-redirect-uri, oidcc-redirect-uri-query-added
  it.each([
    ['no parameters', ''],
    ['no client_id', query({ client_id: undefined })],
    ['an unknown client', query({ client_id: 'nobody' })],
    ['a client by the name of a prototype member', query({ client_id: '__proto__' })],
    ['a disabled client', query({ client_id: 'closed' })],
    ['no redirect_uri', query({ redirect_uri: undefined })],
    ['an unregistered redirect_uri', query({ redirect_uri: 'https://evil.example/' })],
    ['a redirect_uri with a query added', query({ redirect_uri: 'https://shop.example/callback?x=1' })],
    ['a redirect_uri of another client', query({ redirect_uri: 'http://127.0.0.1/cb' })],
    ['two client_ids', `${query()}&client_id=spa`],
    ['two redirect_uris', `${query()}&redirect_uri=https%3A%2F%2Fshop.example%2Fcallback`],
    ['a redirect_uri that is not UTF-8', `${query({ redirect_uri: undefined })}&redirect_uri=%ff`],
    ['a NUL in the client_id', `${query({ client_id: undefined })}&client_id=shop%00`],
    ['an oversized query', query({ login_hint: 'x'.repeat(9000) })],
    ['a malformed name of a parameter', `${query()}&%zz=1`],
  ])('shows a page, and never redirects, for %s', async (_what, raw) => {
    const outcome = await validate(raw);
    expect(outcome).toMatchObject({ kind: 'page-error', error: { status: 400 } });
    expect(outcome).not.toHaveProperty('redirectUri');
  });

  it.each([
    ['a doubled redirect_uri', `${query()}&redirect_uri=x`, 'The parameter redirect_uri is included more than once'],
    ['an oversized query', query({ login_hint: 'x'.repeat(9000) }), 'The request is longer than 8192 characters'],
  ])('says on the page what is wrong with %s', async (_what, raw, errorDescription) => {
    expect(await validate(raw)).toMatchObject({ kind: 'page-error', error: { errorDescription } });
  });

  it.each<[string, string, string]>([
    ['no response_type', query({ response_type: undefined }), 'invalid_request'],
    ['another response_type', query({ response_type: 'none' }), 'unsupported_response_type'],
    ['another response_mode', query({ response_mode: 'web_message' }), 'invalid_request'],
    ['no scope', query({ scope: undefined }), 'invalid_scope'],
    ['a registration', query({ registration: '{}' }), 'registration_not_supported'],
    ['plain PKCE', query({ code_challenge: 'x'.repeat(43) }), 'invalid_request'],
    ['prompts that contradict', query({ prompt: 'none login' }), 'invalid_request'],
    ['a max_age that is none', query({ max_age: '-1' }), 'invalid_request'],
    ['an unknown resource', query({ resource: 'https://unknown.example' }), 'invalid_target'],
    ['malformed claims', query({ claims: '{' }), 'invalid_request'],
    ['a hint that is none of ours', query({ id_token_hint: 'e30.e30.' }), 'invalid_request'],
    ['a doubled scope', `${query()}&scope=email`, 'invalid_request'],
    ['a NUL in the nonce', `${query()}&nonce=a%00`, 'invalid_request'],
    ['too long a login_hint', query({ login_hint: 'x'.repeat(321) }), 'invalid_request'],
  ])('tells the client by redirect of %s', async (_what, raw, error) => {
    expect(await validate(raw)).toMatchObject({
      kind: 'redirect-error',
      redirectUri: 'https://shop.example/callback',
      responseMode: 'query',
      state: 's-1',
      error: { error },
    });
  });

  it('does not hand back a state that was doubled', async () => {
    const outcome = await validate(`${query()}&state=other`);
    expect(outcome).toMatchObject({ kind: 'redirect-error', error: { error: 'invalid_request' } });
    expect(outcome).not.toHaveProperty('state');
  });

  it('requires PKCE of a public client', async () => {
    const raw = query({ client_id: 'spa', redirect_uri: 'http://127.0.0.1:1/cb' });
    expect(await validate(raw)).toMatchObject({
      kind: 'redirect-error',
      error: { errorDescription: 'A code_challenge is required' },
    });
  });

  it('takes the redirect_uri from the object', async () => {
    const request = new URLSearchParams({ redirect_uri: minimal.redirect_uri, state: 'inside' }).toString();
    expect(await validate(query({ redirect_uri: undefined, request }))).toMatchObject({
      kind: 'valid',
      request: { redirectUri: minimal.redirect_uri, state: 'inside', byObject: true },
    });
  });

  it.each([
    ['the query', minimal.redirect_uri, 'https://evil.example/'],
    ['no parameter', undefined, 'https://evil.example/'],
  ])('never redirects to where the object says and %s does not', async (_what, outside, inside) => {
    const request = new URLSearchParams({ redirect_uri: inside }).toString();
    expect(await validate(query({ redirect_uri: outside, request }))).toMatchObject({
      kind: 'page-error',
      error: { detail: 'redirect_uri_mismatch' },
    });
  });

  it("tells of an object that is none at the query's redirect_uri, where that is registered", async () => {
    expect(await validate(query({ request: 'broken' }))).toMatchObject({
      kind: 'redirect-error',
      redirectUri: minimal.redirect_uri,
      state: 's-1',
      error: { error: 'invalid_request_object' },
    });
    for (const redirect_uri of [undefined, 'https://evil.example/']) {
      expect(await validate(query({ request: 'broken', redirect_uri }))).toMatchObject({
        kind: 'page-error',
        error: { error: 'invalid_request_object' },
      });
    }
  });

  // OpenID Connect Dynamic Client Registration 1.0 section 2
  it.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['stand in for what a request leaves out', {}, ['urn:a', 'urn:b']],
    ['give way to acr_values', { acr_values: 'urn:c' }, ['urn:c']],
    ['give way to an acr that claims asks for', { claims: '{"id_token":{"acr":{"values":["urn:c"]}}}' }, []],
    ['stand beside other claims', { claims: '{"id_token":{"email":null}}' }, ['urn:a', 'urn:b']],
  ])('default_acr_values %s', async (_what, asked, acrValues) => {
    const outcome = await validate(query({ client_id: 'careful', ...asked }));
    // Voluntary, whichever way they came: none of them is essential.
    expect(outcome).toMatchObject({ kind: 'valid', request: { acrValues, essentialAcr: undefined } });
  });
});
