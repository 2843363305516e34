import { describe, expect, it } from '@jest/globals';
import {
  aClient,
  aClientJwt,
  aPublicClient,
  basic,
  clientAssertions,
  digests,
  directoryOf,
  ISSUER,
  NOW,
} from '../../test/fixtures.js';
import { toSeconds } from '../clock.js';
import { requestParameters } from '../parameters.js';
import { authenticateClient } from './authenticate-client.js';
import { JWT_BEARER_ASSERTION } from './presented-client.js';

const clients = directoryOf(
  aClient(),
  aClient({ clientId: 'poster', tokenEndpointAuthMethod: 'client_secret_post' }),
  aClient({ clientId: 'closed', enabled: false }),
  aClient({ clientId: 'two', secretHashes: [digests.sha256('old'), digests.sha256('new')] }),
  aClient({ clientId: 'none-yet', secretHashes: [] }),
  aPublicClient(),
  aClient({ clientId: 'signer', tokenEndpointAuthMethod: 'private_key_jwt', secretHashes: [] }),
  aClient({ clientId: 'maccer', tokenEndpointAuthMethod: 'client_secret_jwt' }),
  aClient({ clientId: 'closed-signer', tokenEndpointAuthMethod: 'private_key_jwt', enabled: false }),
);

const authenticate = (
  authorization: string | undefined,
  parameters: Readonly<Record<string, string>> = {},
  assertions = clientAssertions(),
) => authenticateClient({ authorization, parameters: requestParameters(parameters) }, { clients, digests, assertions });

const assertionOf = (by: string, jwt: Partial<Parameters<typeof aClientJwt>[0]> = {}): string => {
  const now = toSeconds(NOW);
  return aClientJwt({ by, claims: { iss: by, sub: by, aud: ISSUER, exp: now + 60, jti: 'j-1' }, ...jwt });
};
const asserted = (assertion: string, more: Readonly<Record<string, string>> = {}) => ({
  client_assertion_type: JWT_BEARER_ASSERTION,
  client_assertion: assertion,
  ...more,
});

describe('authenticateClient', () => {
  it.each<[string, string | undefined, Record<string, string>, string]>([
    ['client_secret_basic', basic('shop', 'shop-secret'), {}, 'shop'],
    ['client_secret_basic with the same client_id', basic('shop', 'shop-secret'), { client_id: 'shop' }, 'shop'],
    ['client_secret_post', undefined, { client_id: 'poster', client_secret: 'shop-secret' }, 'poster'],
    ['none', undefined, { client_id: 'spa' }, 'spa'],
    ['the older of two secrets', basic('two', 'old'), {}, 'two'],
    ['the newer of two secrets', basic('two', 'new'), {}, 'two'],
    ['private_key_jwt', undefined, asserted(assertionOf('signer')), 'signer'],
    ['client_secret_jwt', undefined, asserted(assertionOf('maccer', { alg: 'HS256' })), 'maccer'],
    [
      'an assertion with the same client_id',
      undefined,
      asserted(assertionOf('signer'), { client_id: 'signer' }),
      'signer',
    ],
  ])('accepts %s', async (_what, authorization, parameters, clientId) => {
    expect(await authenticate(authorization, parameters)).toMatchObject({ ok: true, value: { client: { clientId } } });
  });

  it.each<[string, string | undefined, Record<string, string>, string]>([
    ['an unknown client', basic('nobody', 'x'), {}, 'client_unknown'],
    ['a client by the name of a prototype member', basic('__proto__', 'x'), {}, 'client_unknown'],
    ['a wrong secret', basic('shop', 'wrong'), {}, 'secret_wrong'],
    ['an empty secret', basic('shop', ''), {}, 'secret_wrong'],
    ['the hash in place of the secret', basic('shop', digests.sha256('shop-secret')), {}, 'secret_wrong'],
    ['any secret where none is registered', basic('none-yet', ''), {}, 'secret_wrong'],
    ['a confidential client without its secret', undefined, { client_id: 'shop' }, 'method_not_registered'],
    [
      'post where basic is registered',
      undefined,
      { client_id: 'shop', client_secret: 'shop-secret' },
      'method_not_registered',
    ],
    ['basic where post is registered', basic('poster', 'shop-secret'), {}, 'method_not_registered'],
    ['a public client with a secret', undefined, { client_id: 'spa', client_secret: 'x' }, 'method_not_registered'],
    ['a public client with an empty secret by basic', basic('spa', ''), {}, 'method_not_registered'],
    ['a disabled client', basic('closed', 'shop-secret'), {}, 'client_disabled'],
    ['an assertion of an unknown client', undefined, asserted(assertionOf('nobody')), 'client_unknown'],
    ['an assertion of a client of another method', undefined, asserted(assertionOf('shop')), 'method_not_registered'],
    ['an assertion of a public client', undefined, asserted(assertionOf('spa')), 'method_not_registered'],
    ['a secret where private_key_jwt is registered', basic('signer', ''), {}, 'method_not_registered'],
    ['a secret where client_secret_jwt is registered', basic('maccer', 'shop-secret'), {}, 'method_not_registered'],
    ['no proof where private_key_jwt is registered', undefined, { client_id: 'signer' }, 'method_not_registered'],
    [
      'a MAC where a signature is registered',
      undefined,
      asserted(assertionOf('signer', { alg: 'HS256' })),
      'assertion_algorithm',
    ],
    ['a signature where a MAC is registered', undefined, asserted(assertionOf('maccer')), 'assertion_algorithm'],
    ['an assertion of a disabled client', undefined, asserted(assertionOf('closed-signer')), 'client_disabled'],
  ])('answers 401 and one text to %s', async (_what, authorization, parameters, detail) => {
    expect(await authenticate(authorization, parameters)).toEqual({
      ok: false,
      error: {
        error: 'invalid_client',
        errorDescription: 'The client could not be authenticated',
        status: 401,
        headers: { 'WWW-Authenticate': 'Basic realm="signet", charset="UTF-8"' },
        detail,
      },
    });
  });

  it.each<[string, string | undefined, Record<string, string>, string, number]>([
    ['nobody at all', undefined, {}, 'invalid_client', 401],
    ['a secret without client_id', undefined, { client_secret: 'x' }, 'invalid_client', 401],
    ['another scheme', 'Bearer abc', { client_id: 'spa' }, 'invalid_client', 401],
    ['an empty header', '', { client_id: 'spa' }, 'invalid_client', 401],
    ['malformed Basic', 'Basic %%%', {}, 'invalid_client', 401],
    ['an assertion', undefined, { client_id: 'shop', client_assertion: 'x' }, 'invalid_client', 401],
    [
      'an assertion of another type',
      undefined,
      { client_assertion: 'x', client_assertion_type: 'urn:x' },
      'invalid_client',
      401,
    ],
    [
      'the type of an assertion alone',
      undefined,
      { client_assertion_type: JWT_BEARER_ASSERTION },
      'invalid_client',
      401,
    ],
    ['an assertion that is none', undefined, asserted('x'), 'invalid_client', 401],
    ['two methods', basic('shop', 'shop-secret'), { client_secret: 'shop-secret' }, 'invalid_request', 400],
    ['an assertion beside Basic', basic('signer', 'x'), asserted(assertionOf('signer')), 'invalid_request', 400],
    [
      'an assertion beside a secret',
      undefined,
      asserted(assertionOf('maccer'), { client_secret: 'x' }),
      'invalid_request',
      400,
    ],
    [
      'an assertion beside another client_id',
      undefined,
      asserted(assertionOf('signer'), { client_id: 'shop' }),
      'invalid_request',
      400,
    ],
    ['two client_ids', basic('shop', 'shop-secret'), { client_id: 'spa' }, 'invalid_request', 400],
  ])('refuses %s', async (_what, authorization, parameters, error, status) => {
    expect(await authenticate(authorization, parameters)).toMatchObject({ ok: false, error: { error, status } });
  });

  it('compares with each stored hash, whichever matches', async () => {
    const compared: string[] = [];
    const counting = {
      ...digests,
      equal: (left: string, right: string) => {
        compared.push(right);
        return left === right;
      },
    };
    const request = { authorization: basic('two', 'old'), parameters: requestParameters({}) };
    const deps = { clients, digests: counting, assertions: clientAssertions() };
    expect((await authenticateClient(request, deps)).ok).toBe(true);
    expect(compared).toHaveLength(2);
  });

  it('takes an assertion once', async () => {
    const assertions = clientAssertions();
    const parameters = asserted(assertionOf('signer'));
    expect(await authenticate(undefined, parameters, assertions)).toMatchObject({ ok: true });
    expect(await authenticate(undefined, parameters, assertions)).toMatchObject({
      ok: false,
      error: { error: 'invalid_client', status: 401, detail: 'assertion_replayed' },
    });
  });

  it('spends no jti of an assertion that somebody else made', async () => {
    const assertions = clientAssertions();
    const forged = assertionOf('signer', { by: 'shop' });
    expect(await authenticate(undefined, asserted(forged), assertions)).toMatchObject({
      ok: false,
      error: { detail: 'assertion_signature' },
    });
    expect((await authenticate(undefined, asserted(assertionOf('signer')), assertions)).ok).toBe(true);
  });
});
