import { describe, expect, it } from '@jest/globals';
import { aClient, aPublicClient, basic, digests, directoryOf } from '../../test/fixtures.js';
import { requestParameters } from '../parameters.js';
import { authenticateClient } from './authenticate-client.js';

const clients = directoryOf(
  aClient(),
  aClient({ clientId: 'poster', tokenEndpointAuthMethod: 'client_secret_post' }),
  aClient({ clientId: 'closed', enabled: false }),
  aClient({ clientId: 'two', secretHashes: [digests.sha256('old'), digests.sha256('new')] }),
  aClient({ clientId: 'none-yet', secretHashes: [] }),
  aPublicClient(),
);

const authenticate = (authorization: string | undefined, parameters: Readonly<Record<string, string>> = {}) =>
  authenticateClient({ authorization, parameters: requestParameters(parameters) }, { clients, digests });

describe('authenticateClient', () => {
  it.each<[string, string | undefined, Record<string, string>, string]>([
    ['client_secret_basic', basic('shop', 'shop-secret'), {}, 'shop'],
    ['client_secret_basic with the same client_id', basic('shop', 'shop-secret'), { client_id: 'shop' }, 'shop'],
    ['client_secret_post', undefined, { client_id: 'poster', client_secret: 'shop-secret' }, 'poster'],
    ['none', undefined, { client_id: 'spa' }, 'spa'],
    ['the older of two secrets', basic('two', 'old'), {}, 'two'],
    ['the newer of two secrets', basic('two', 'new'), {}, 'two'],
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
    ['two methods', basic('shop', 'shop-secret'), { client_secret: 'shop-secret' }, 'invalid_request', 400],
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
    expect((await authenticateClient(request, { clients, digests: counting })).ok).toBe(true);
    expect(compared).toHaveLength(2);
  });
});
