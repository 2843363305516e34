import { describe, expect, it } from '@jest/globals';
import { everyResponseType } from '../../test/check-context.js';
import { API, ISSUER, NOW, aClient, directoryOf, hints } from '../../test/fixtures.js';
import { invalidRequestObject, invalidRequestUri } from '../errors/oauth-error.js';
import { parseParameters } from '../parameters.js';
import type { RequestObjects } from '../request-object/request-objects.js';
import { fail } from '../result.js';
import { validateAuthorizationRequest } from './authorization-endpoint.js';
import { authorizationResponse } from './authorization-response.js';
import type { CarriedResponse } from './authorization-response.js';

const redirectUri = 'https://shop.example/callback?registered=yes';
const clients = directoryOf(
  aClient({ ...everyResponseType, redirectUris: [redirectUri] }),
  aClient({ ...everyResponseType, clientId: 'spa', redirectUris: [redirectUri], tokenEndpointAuthMethod: 'none' }),
  aClient({ ...everyResponseType, clientId: 'modest', redirectUris: [redirectUri], scopes: ['openid'] }),
  aClient({ ...everyResponseType, clientId: 'anybody', redirectUris: [redirectUri], registration: 'open' }),
  aClient({ clientId: 'plain', redirectUris: [redirectUri] }),
  aClient({ clientId: 'closed', redirectUris: [redirectUri], enabled: false }),
);

type Changes = Readonly<Record<string, string | undefined>>;

/** A good request with some of its parameters changed, or left out. */
const query = (changes: Changes): string => {
  const usual = { client_id: 'shop', redirect_uri: redirectUri, scope: 'openid', state: 's&1', nonce: 'n' };
  const given = Object.entries<string | undefined>({ ...usual, ...changes }).flatMap(
    ([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]),
  );
  return new URLSearchParams(given).toString();
};

/** The text of an object is the error that it gives. */
const requestObjects: RequestObjects = {
  resolve: (_client, asked) => {
    const error = 'request' in asked ? invalidRequestObject(asked.request) : invalidRequestUri(asked.requestUri);
    return Promise.resolve(fail(error));
  },
};

const validate = (raw: string) =>
  validateAuthorizationRequest(parseParameters(raw), { clients, hints, requestObjects, receivedAt: NOW });

/** Every check that the client is told of, with what it answers. */
const told: readonly (readonly [string, Changes, string, string])[] = [
  ['request object', { request: 'e30.e30.' }, '', 'invalid_request_object'],
  ['request_uri', { request_uri: 'https://shop.example/r' }, '', 'invalid_request_uri'],
  ['both of them', { request: 'e30.e30.', request_uri: 'https://shop.example/r' }, '', 'invalid_request'],
  ['registration', { registration: '{}' }, '', 'registration_not_supported'],
  ['response_type not registered', { client_id: 'plain', response_type: 'code token' }, '', 'unauthorized_client'],
  ['PKCE by plain', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, '', 'invalid_request'],
  ['PKCE required', { client_id: 'spa' }, '', 'invalid_request'],
  ['scope missing', { scope: undefined }, '', 'invalid_scope'],
  ['scope of nobody', { scope: 'root' }, '', 'invalid_scope'],
  ['resource', { resource: 'https://nowhere.example' }, '', 'invalid_target'],
  ['resource of others', { client_id: 'modest', resource: API }, '', 'invalid_target'],
  ['prompt', { prompt: 'none login' }, '', 'invalid_request'],
  ['max_age', { max_age: '-1' }, '', 'invalid_request'],
  ['claims', { claims: '[]' }, '', 'invalid_request'],
  ['id_token_hint', { id_token_hint: 'x' }, '', 'invalid_request'],
  ['doubled parameter', {}, '&scope=email', 'invalid_request'],
  ['malformed parameter', {}, '&login_hint=%00', 'invalid_request'],
];

/** Every check that only the person may be told of. */
const shown: readonly (readonly [string, Changes, string])[] = [
  ['no client', { client_id: undefined }, ''],
  ['an unknown client', { client_id: 'nobody' }, ''],
  ['a disabled client', { client_id: 'closed' }, ''],
  ['two clients', {}, '&client_id=plain'],
  ['no redirect_uri', { redirect_uri: undefined }, ''],
  ['two redirect_uris', {}, `&redirect_uri=${encodeURIComponent('https://evil.example/')}`],
  ['a name that cannot be read', {}, '&%zz=1'],
  // RFC 9700 section 4.1: each of these has led browsers elsewhere.
  ['a longer path (prefix)', { redirect_uri: redirectUri.replace('callback', 'callback/../evil') }, ''],
  ['a path above (traversal)', { redirect_uri: redirectUri.replace('callback', '../callback') }, ''],
  ['an encoded traversal', { redirect_uri: redirectUri.replace('callback', '%2e%2e/callback') }, ''],
  ['user information', { redirect_uri: redirectUri.replace('shop.example', 'shop.example@evil.example') }, ''],
  ['a longer host', { redirect_uri: redirectUri.replace('shop.example', 'shop.example.evil.example') }, ''],
  ['a backslash', { redirect_uri: redirectUri.replace('https://', 'https://evil.example\\@') }, ''],
  ['another port', { redirect_uri: redirectUri.replace('shop.example', 'shop.example:8443') }, ''],
  ['the port that is meant anyway', { redirect_uri: redirectUri.replace('shop.example', 'shop.example:443') }, ''],
  ['a fragment', { redirect_uri: `${redirectUri}#x` }, ''],
  ['another case', { redirect_uri: redirectUri.replace('callback', 'Callback') }, ''],
  ['another case of the host', { redirect_uri: redirectUri.replace('shop', 'SHOP') }, ''],
  ['another query', { redirect_uri: `${redirectUri}&x=1` }, ''],
  ['another scheme', { redirect_uri: redirectUri.replace('https:', 'http:') }, ''],
];

const places = [
  { response_type: 'code', response_mode: undefined, place: 'query' },
  { response_type: 'code', response_mode: 'query', place: 'query' },
  { response_type: 'code', response_mode: 'fragment', place: 'fragment' },
  { response_type: 'code', response_mode: 'form_post', place: 'form_post' },
  { response_type: 'code', response_mode: 'web_message', place: 'query' },
  { response_type: 'code token', response_mode: undefined, place: 'fragment' },
  { response_type: 'code token', response_mode: 'form_post', place: 'form_post' },
  { response_type: 'code token', response_mode: 'query', place: 'fragment' },
  { response_type: 'id_token code', response_mode: 'web_message', place: 'fragment' },
] as const;

/** The parameters of a response, and where they are; the URL must be the registered one and nothing else. */
const read = (carried: CarriedResponse): { readonly place: string; readonly parameters: Record<string, string> } => {
  if (carried.kind === 'form_post') {
    expect(carried.action).toBe(redirectUri);
    return { place: 'form_post', parameters: Object.fromEntries(carried.fields) };
  }
  const { url } = carried;
  expect(url.startsWith(`${redirectUri}&`) || url.startsWith(`${redirectUri}#`)).toBe(true);
  const rest = url.slice(redirectUri.length);
  const place = rest.startsWith('#') ? 'fragment' : 'query';
  return { place, parameters: Object.fromEntries(new URLSearchParams(rest.slice(1))) };
};

describe.each(places)('$response_type by $response_mode', ({ response_type, response_mode, place }) => {
  it.each(told)('%s: told to the client, in that place', async (_check, changes, more, error) => {
    const usable = response_mode !== 'web_message' && !(response_mode === 'query' && place === 'fragment');
    const outcome = await validate(query({ response_type, response_mode, ...changes }) + more);
    if (outcome.kind !== 'redirect-error') throw new Error(outcome.kind);
    const carried = authorizationResponse({ ...outcome, issuer: ISSUER }, { error: outcome.error });
    const answer = read(carried);
    // A response_type that a check itself is about decides the place of its error.
    const own = changes['response_type'] === undefined || response_mode === 'form_post' || response_mode === 'fragment';
    expect(answer.place).toBe(own ? place : 'fragment');
    expect(answer.parameters).toEqual({
      // An unusable mode may be what is found first.
      error: usable ? error : expect.stringMatching(`^(${error}|invalid_request)$`),
      error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{5,}$/),
      state: 's&1',
      iss: ISSUER,
    });
  });

  it.each(shown)('%s: shown to the person, and never a redirect', async (_check, changes, more) => {
    const outcome = await validate(query({ response_type, response_mode, ...changes }) + more);
    expect(outcome).toMatchObject({ kind: 'page-error', error: { status: 400 } });
    expect(outcome).not.toHaveProperty('redirectUri');
  });
});

describe('RFC 9700 section 4.11.2: who is told by the browser at once', () => {
  const bad: Changes = { client_id: 'anybody', response_type: 'code', scope: 'root' };
  it.each<[string, Changes, string, 'at_once' | 'by_person']>([
    ['a client of the operator', { client_id: 'shop' }, '', 'at_once'],
    ['a client of anybody', {}, '', 'by_person'],
    ['the same with prompt=none', { prompt: 'none' }, '', 'at_once'],
    ['the same with prompt=none beside another', { prompt: 'none login' }, '', 'by_person'],
    ['the same with prompt twice', { prompt: 'none' }, '&prompt=none', 'by_person'],
    ['the same with prompt=login', { prompt: 'login' }, '', 'by_person'],
  ])('%s', async (_who, changes, more, delivery) => {
    expect(await validate(query({ ...bad, ...changes }) + more)).toMatchObject({ kind: 'redirect-error', delivery });
  });

  it.each(told)('%s: not of a client of anybody', async (_check, changes, more) => {
    const outcome = await validate(query({ ...bad, scope: 'openid', ...changes, client_id: 'anybody' }) + more);
    if (outcome.kind === 'redirect-error') expect(outcome.delivery).toBe('by_person');
    else expect(changes['client_id']).toBeDefined();
  });
});
