import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { Gauge } from 'prom-client';
import type { RunningService } from '../create-service.js';
import { Metrics } from '../observability/metrics.js';
import { Hasher } from '../passwords/hasher.js';
import { Management } from './management.js';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });

const hasher = new Hasher();
const state = { ready: false };
let management: Management;
let origin: string;
let services: RunningService[];

const serviceOf = (name: 'token' | 'audit', health: () => Promise<unknown>): RunningService => {
  const metrics = new Metrics(name);
  metrics.statements.inc({ statement: `${name}.a.b` }, 2);
  metrics.http.observe({ route: '/', method: 'GET', status: '200' }, 0.002);
  return { name, metrics: metrics.registry, health } as unknown as RunningService;
};

beforeEach(async () => {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  services = [
    serviceOf('token', () => Promise.resolve({ database: 'up' })),
    serviceOf('audit', () => new Promise(() => undefined)),
  ];
  management = new Management({
    hosts: ['127.0.0.1', '127.0.0.2'],
    port,
    services: () => services,
    ready: () => state.ready,
    hasher,
  });
  await management.listen();
});

afterEach(() => management.close());

describe('the management port', () => {
  it('tells life from readiness', async () => {
    expect((await fetch(`${origin}/livez`)).status).toBe(200);
    expect((await fetch(`${origin}/readyz`)).status).toBe(503);
    state.ready = true;
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${origin}/token`)).status).toBe(404);
  });

  it('is on each address that it was told of, and on no other', async () => {
    expect((await fetch(`${origin.replace('127.0.0.1', '127.0.0.2')}/livez`)).status).toBe(200);
    await expect(fetch(`${origin.replace('127.0.0.1', '127.0.0.3')}/livez`)).rejects.toThrow('fetch failed');
  });

  it('tells what each service depends on, and does not wait for one that cannot say', async () => {
    const health = await (await fetch(`${origin}/health`)).json();
    expect(health).toMatchObject({ services: { token: { database: 'up' }, audit: 'no answer' } });
  });

  it('exposes one metric of several services once, with their names', async () => {
    const text = await (await fetch(`${origin}/metrics`)).text();
    expect(text.match(/^# TYPE signet_database_statements_total counter$/gm)).toHaveLength(1);
    expect(text).toMatch(
      /^signet_database_statements_total\{(?=[^}]*service="token")(?=[^}]*statement="token\.a\.b")[^}]*\} 2$/m,
    );
    expect(text).toMatch(/^signet_database_statements_total\{(?=[^}]*service="audit")[^}]*\} 2$/m);
    expect(text).toMatch(
      /^signet_http_request_seconds_bucket\{(?=[^}]*le="0.0025")(?=[^}]*service="audit")[^}]*\} 1$/m,
    );
    expect(text.match(/^process_resident_memory_bytes /gm)).toHaveLength(1);
    expect(text).toContain('signet_hasher_waiting 0');
  });

  it.each<[string, () => Promise<void>]>([
    ['fails', () => Promise.reject(new Error('away'))],
    ['never answers', () => new Promise(() => undefined)],
  ])('exposes the rest where a metric %s', async (_, collect) => {
    const { registry } = new Metrics('session');
    registry.registerMetric(new Gauge({ name: 'signet_session_far', help: 'Far away', registers: [], collect }));
    services.push({ name: 'session', metrics: registry } as unknown as RunningService);
    const answer = await fetch(`${origin}/metrics`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/^signet_database_statements_total\{.*service="token".*\} 2$/m);
  });
});
