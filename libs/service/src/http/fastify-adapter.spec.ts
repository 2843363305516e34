import { describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { Metrics } from '../observability/metrics.js';
import { clearCookie, cookieName, readCookie, setCookie } from './cookies.js';
import { fastifyAdapter } from './fastify-adapter.js';
import { networkOfRequest } from './network.js';

const make = (trustedProxies: string[]) => {
  const metrics = new Metrics('token');
  const { adapter } = fastifyAdapter({ trustedProxies, metrics, failpoint: undefined });
  return { metrics, fastify: adapter.getInstance<FastifyInstance>() };
};

describe('networkOfRequest', () => {
  it.each([
    ['nobody is trusted', [], '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['the proxy is trusted', ['192.0.2.0/24'], '192.0.2.1', '198.51.100.7', '198.51.100.7'],
    ['another is trusted', ['10.0.0.0/8'], '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['a client wrote before the proxy', ['192.0.2.1'], '192.0.2.1', '203.0.113.9, 198.51.100.7', '198.51.100.7'],
    ['there are two proxies', ['192.0.2.1', '10.0.0.0/8'], '192.0.2.1', '198.51.100.7, 10.1.2.3', '198.51.100.7'],
    ['what it says is no address', ['192.0.2.1'], '192.0.2.1', 'unknown', '192.0.2.1'],
    ['it says nothing', ['192.0.2.1'], '192.0.2.1', undefined, '192.0.2.1'],
    ['the address is mapped', [], '::ffff:192.0.2.1', undefined, '192.0.2.1'],
  ])('where %s', async (_, trusted, remoteAddress, forwarded, ip) => {
    const { fastify } = make(trusted);
    fastify.get('/', (request) => networkOfRequest(request));
    const headers = { 'user-agent': 'b\u0001rowser', ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) };
    const response = await fastify.inject({ url: '/', remoteAddress, headers });
    expect(response.json()).toMatchObject({ ip });
  });
});

describe('metrics', () => {
  it('name the pattern of a route, never its path', async () => {
    const { fastify, metrics } = make([]);
    fastify.get('/authorize/t/:slug', () => 'x');
    await fastify.inject('/authorize/t/acme');
    await fastify.inject('/nothing/here');
    await fastify.inject({ method: 'GET', url: '/authorize/t/acme' });
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/signet_http_request_seconds_count\{[^}]*route="\/authorize\/t\/:slug"[^}]*\} 2/);
    expect(text).not.toMatch(/acme|nothing/);
  });
});

describe('cookies', () => {
  const tenant = '018f0000-0000-7000-8000-000000000000';

  it('are named for tenant and kind, and for the issuer’s scheme', () => {
    const plain = cookieName(tenant, 'session', 'http://localhost:3000');
    expect(plain).toMatch(/^signet-[0-9a-f]{8}$/);
    expect(cookieName(tenant, 'session', 'https://id.example')).toBe(`__Host-${plain}`);
    expect(cookieName(tenant, 'form', 'http://localhost:3000')).toBe(plain.replace('signet-', 'signet-form-'));
    expect(cookieName('another', 'session', 'http://localhost:3000')).not.toBe(plain);
  });

  it('are Secure exactly under a name that promises it', async () => {
    const { fastify } = make([]);
    fastify.get('/', (_request, reply) => {
      setCookie(reply, { name: '__Host-a', value: 'x.y', maxAge: 60 });
      setCookie(reply, { name: 'b', value: 'z', sameSite: 'Strict' });
      clearCookie(reply, 'c');
      return reply.send();
    });
    const { headers } = await fastify.inject('/');
    expect(headers['set-cookie']).toEqual([
      '__Host-a=x.y; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure',
      'b=z; Path=/; HttpOnly; SameSite=Strict',
      'c=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
  });

  it('refuse a value that would end them', () => {
    expect(() => {
      setCookie(undefined as never, { name: 'a', value: 'x; Domain=example.com' });
    }).toThrow(TypeError);
  });

  it.each([
    ['a=1; b=2', 'b', '2'],
    ['ab=1; b=2', 'b', '2'],
    ['b=1; b=2', 'b', '1'],
    ['b="2"', 'b', undefined],
    ['b', 'b', undefined],
    ['b=', 'b', ''],
    [undefined, 'b', undefined],
  ])('are read strictly: %s', (cookie, name, value) => {
    expect(readCookie({ headers: { cookie } } as never, name)).toBe(value);
  });
});
