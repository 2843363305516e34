import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRelyingParty } from './server.js';

/** Without a provider: what a browser sees before it has signed in, and when the provider is away. */
describe('the relying party', () => {
  const log: string[] = [];
  const configuration = {
    issuer: 'http://[::1]:9',
    clientId: '<demo>',
    clientSecret: 'secret',
    host: 'localhost',
    port: 0,
    baseUrl: new URL('http://localhost:3001'),
  };
  const server = createRelyingParty(configuration, (line) => log.push(line));
  let origin = '';

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${origin}${path}`, { redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

  it('offers to sign in, and escapes what it was configured with', async () => {
    const { status, headers, body } = await ask('/');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(body).toContain('href="/login"');
    expect(body).toContain('&#60;demo&#62;');
  });

  it.each([
    ['GET', '/login', 502, 'did not answer'],
    ['GET', '/callback?code=x&state=y', 400, 'did not start that sign-in'],
    ['GET', '/callback?error=%3Cb%3E', 400, 'did not start that sign-in'],
    ['GET', '/logout', 404, 'nothing here'],
    ['POST', '/profile', 404, 'nothing here'],
    ['GET', '//example.org/profile', 404, 'nothing here'],
  ])('%s %s is %d and says why', async (method, path, status, words) => {
    const answer = await ask(path, { method });
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(words);
    expect(answer.body).not.toContain('<b>');
  });

  it.each([
    ['GET', '/profile'],
    ['POST', '/refresh'],
    ['POST', '/userinfo'],
    ['POST', '/logout'],
  ])('%s %s without a session goes home', async (method, path) => {
    const { status, headers } = await ask(path, { method, headers: { cookie: 'relying_party_session=guess' } });
    expect([status, headers.get('location')]).toEqual([303, '/']);
  });

  it('logs a failure as one line without what came in the query', async () => {
    log.length = 0;
    await ask('/callback?code=top-secret&state=%0Aforged');
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('"path":"/callback"');
    expect(log[0]).not.toMatch(/top-secret|\n/);
  });

  it('serves its stylesheet', async () => {
    const { status, headers } = await ask('/style.css');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  });
});
