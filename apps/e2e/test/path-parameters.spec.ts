import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routeOf, routes } from '@signet/contracts';
import { plainHttp, Plane, twinTenants } from '../src/index.js';

const form = 'application/x-www-form-urlencoded';
const long = (length: number) => 'x'.repeat(length);
const loneSurrogate = '%ED%A0%80';

let plane: Plane;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
}, 60_000);
afterAll(() => plane.stop());

describe('a parameter in a path', () => {
  const pages = [
    '/authorize',
    '/initiate',
    '/device',
    '/account',
    '/logout',
    '/check-session',
    '/userinfo',
    '/jwks',
    '/setup',
  ];
  const forms = ['/sign-in', '/select-account', '/consent', '/token', '/par', '/introspect', '/revoke'];
  const places: [string, string, number][] = [
    ...pages.map((path): [string, string, number] => ['GET', `${path}/t/*`, 404]),
    ...[...forms, '/device_authorization', '/register'].map((path): [string, string, number] => [
      'POST',
      `${path}/t/*`,
      404,
    ]),
    ['GET', '/t/*/.well-known/openid-configuration', 404],
    ['GET', '/.well-known/oauth-authorization-server/t/*', 404],
    // RFC 7592 section 2: as for a token that is not the client's.
    ...['GET', 'PUT', 'DELETE'].map((method): [string, string, number] => [method, '/register/*', 401]),
    ['GET', '/register/t/globex/*', 401],
    ['GET', '/client-logo/*/1', 404],
    ['GET', '/client-logo/demo/*', 404],
    ['GET', '/client-logo/demo/1/*', 404],
    ['GET', '/client-logo/t/globex/demo/1/*', 404],
    ['GET', '/status-lists/*', 404],
    ['GET', '/status-lists/t/globex/*', 404],
    ['GET', '/scim/v2/t/*/Users', 404],
    ['GET', '/audit/v1/log/t/*/checkpoint', 404],
    // Who asks comes before what is asked for.
    ['GET', '/scim/v2/Users/*', 401],
    ...[
      ...['tenants', 'organisations', 'accounts', 'groups', 'roles'],
      ...['resource-servers', 'scopes', 'clients', 'keys', 'credentials'],
      ...['sessions', 'grants', 'logout-deliveries', 'events', 'webhooks'],
    ].map((collection): [string, string, number] => ['GET', `/admin/v1/${collection}/*`, 401]),
  ];
  const ask = (method: string, place: string, value: string, headers = {}) => {
    const isJson = place.startsWith('/register');
    const body = isJson ? '{}' : 'a=b';
    const sends = method === 'POST' || method === 'PUT';
    return plainHttp(`${plane.issuer}${place.replace('*', value)}`, {
      ...{ method, headers: { ...(sends && { 'Content-Type': isJson ? 'application/json' : form }), ...headers } },
      ...(sends && { body }),
    });
  };

  /** Node answers 431 and closes while the rest is still being sent, so that the answer may be lost. */
  const reset = () => ({ status: 431 });

  it('is tried at every prefix that there is', () => {
    expect(new Set(places.map(([, place]) => routeOf(place)))).toEqual(
      new Set(routes.filter(({ match }) => match === 'Prefix')),
    );
  });

  it.each(places)('%s %s', async (method, place, status) => {
    const answers = await Promise.all(
      ['%00', 'a%00b', '..%2F..', '..', '%EF%BF%BE', loneSurrogate, '%', long(300), long(64 * 1024)].map(
        async (value) => (await ask(method, place, value).catch(reset)).status,
      ),
    );
    expect(answers).toEqual([status, status, status, expect.any(Number), status, 400, 400, 414, 431]);
    expect(answers[3]).toBeLessThan(500);
  });

  it('of a client that manages itself is judged with a token too', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status, text } = await ask(method, '/register/*', '%00', { Authorization: 'Bearer x' });
      expect([method, status, JSON.parse(text)]).toEqual([
        method,
        401,
        expect.objectContaining({ error: 'invalid_token' }),
      ]);
    }
  });
});
