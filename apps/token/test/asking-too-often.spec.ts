import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { basic, populate, post, secret, type Population } from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas({ SIGNET_RATE_LIMITS: 'client=2/600,network=off,tenant=off' });
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

// Of /par RFC 9126 section 2.3.
it.each(['/par', '/token', '/introspect', '/revoke', '/device_authorization'])(
  'a client that is at %s too often is told to wait, and no other one is',
  async (url) => {
    const clientId = `often-at-${url.slice(1)}`;
    mesh.directory.clients.push({ ...acme.shop, clientId });
    const fields = { grant_type: 'refresh_token', refresh_token: 'x', token: 'x' };
    const ask = (name: string) => post(mesh.replicas[0], url, fields, { authorization: basic(name, secret) });
    expect((await ask(clientId)).status).not.toBe(429);
    expect((await ask(clientId)).status).not.toBe(429);
    const refused = await ask(clientId);
    expect(refused).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    mesh.directory.clients.push({ ...acme.shop, clientId: `${clientId}-not` });
    expect((await ask(`${clientId}-not`)).status).not.toBe(429);
  },
);
