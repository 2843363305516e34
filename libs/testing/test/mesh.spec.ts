import { request as plainRequest, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findTenant } from '@signet/contracts';
import { startMesh, type Mesh } from '../src/index.js';
import { authnProbe, directoryProbe } from './probe-service.js';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

let mesh: Mesh;

beforeAll(async () => {
  mesh = await startMesh({ services: [authnProbe, directoryProbe] });
});

afterAll(async () => {
  await mesh.stop();
});

/** Unlike fetch it sends any header and any target. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer | string[] } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = plainRequest(
      { host: 'localhost', port: mesh.running.port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    sent.on('error', reject);
    if (Array.isArray(body)) void sendSlowly(sent, body).catch(reject);
    else sent.end(body);
  });
}

/** Each part in a packet of its own. */
async function sendSlowly(request: ClientRequest, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    await new Promise((resolve) => request.write(part, resolve));
    await pause(20);
  }
  request.end();
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { 'Content-Type': 'application/json' };

describe('hosts and targets', () => {
  it.each([
    ['its issuer', 'own', 200],
    ['a loopback name under its port', 'id.localhost', 200],
    ['a loopback address', '127.0.0.1', 200],
    ['another name', 'evil.example', 421],
    ['another port', 'localhost:1', 421],
    ['a name with a user', 'localhost@evil.example', 421],
  ])('answers under %s: %s %s', async (_, name, status) => {
    const host =
      name === 'own' ? new URL(mesh.origin).host : name.includes(':') ? name : `${name}:${mesh.running.port}`;
    expect((await ask('/authorize', { headers: { Host: host } })).status).toBe(status);
  });

  it('goes by the host in a target of absolute form', async () => {
    const host = new URL(mesh.origin).host;
    expect((await ask('http://evil.example/authorize', { headers: { Host: host } })).status).toBe(421);
    expect((await ask(`http://${host}/authorize`, { headers: { Host: host } })).status).toBe(200);
  });

  it('refuses long queries, and knows no other paths', async () => {
    expect((await ask(`/authorize?${'a'.repeat(8 * 1024)}`)).status).toBe(200);
    expect((await ask(`/authorize?${'a'.repeat(8 * 1024 + 1)}`)).status).toBe(414);
    expect(await ask('/elsewhere')).toMatchObject({ status: 404, text: 'Not Found\n' });
    // The table gives it to token, which does not run here.
    expect((await ask('/token')).status).toBe(404);
    expect((await ask('/authorize/none')).status).toBe(404);
    expect((await ask('/authorize/%zz')).status).toBe(400);
  });
});

describe('tenants', () => {
  it.each([
    ['/authorize', 200, 'default'],
    ['/authorize/t/acme', 200, 'acme'],
    ['/authorize/t/closed', 404, undefined],
    ['/authorize/t/unknown', 404, undefined],
    ['/authorize/t/default', 404, undefined],
    [`/authorize/t/${'x'.repeat(100)}`, 404, undefined],
  ])('%s is %s', async (path, status, slug) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    if (slug !== undefined) expect(JSON.parse(answer.text)).toMatchObject({ tenant: slug, ip: expect.any(String) });
  });
});

describe('bodies', () => {
  it.each([
    ['a form', 'form', form, 'a=%20b', 200],
    ['no body', 'form', {}, undefined, 200],
    ['a form that is not UTF-8', 'form', form, Buffer.from([0x61, 0xff]), 400],
    ['JSON for a form', 'form', json, '{}', 415],
    ['text', 'form', { 'Content-Type': 'text/plain' }, 'a=b', 415],
    ['a body without a type', 'form', {}, 'a=b', 415],
    ['a large form', 'form', form, 'a'.repeat(64 * 1024 + 1), 413],
    ['JSON', 'json', json, '{"a":[1]}', 200],
    ['a form for JSON', 'json', form, 'a=b', 415],
    ['JSON of 32 levels', 'json', json, '['.repeat(32) + ']'.repeat(32), 200],
    ['JSON of 33 levels', 'json', json, '['.repeat(33) + ']'.repeat(33), 400],
    ['JSON with a prototype', 'json', json, '{"__proto__":{}}', 400],
    ['broken JSON', 'json', json, '{', 400],
  ] as const)('%s', async (_, path, headers, body, status) => {
    const answer = await ask(`/authorize/${path}`, { method: 'POST', headers, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(status);
    if (status >= 400) expect(JSON.parse(answer.text)).toMatchObject({ error: 'invalid_request' });
  });
});

describe('traces', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';

  it('go on inside the handler, also after a body was read, and back in the answer', async () => {
    const headers = { ...form, traceparent: `00-${trace}-b7ad6b7169203331-01` };
    const answer = await ask('/authorize/form', { method: 'POST', headers, body: ['a=', 'b', '&c=d'] });
    const { inside } = JSON.parse(answer.text) as { inside: string };
    expect(inside).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(answer.headers['traceparent']).toBe(inside);
    expect(inside).not.toContain('b7ad6b7169203331');
  });

  it('begin anew where a header is malformed', async () => {
    const answer = await ask('/authorize', { headers: { traceparent: `00-${trace}-0000000000000000-01` } });
    expect(answer.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(answer.headers['traceparent']).not.toContain(trace);
  });
});

describe('failures', () => {
  it('keep to themselves what a bug says', async () => {
    const answer = await ask('/authorize/bug');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('swordfish');
    expect(JSON.parse(answer.text)).toEqual({
      error: 'server_error',
      error_description: expect.stringMatching(/\([0-9a-f]{32}\)$/),
    });
  });

  it('are 503 where a handler does not come to an end', async () => {
    const answer = await ask('/authorize/stuck');
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(answer.text)).toMatchObject({ error: 'temporarily_unavailable' });
  });
});

describe('other origins', () => {
  it('may read where the handler says so, and only there', async () => {
    const read = await ask('/authorize/t/acme', { headers: { Origin: 'https://app.example' } });
    expect(read.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('DPoP-Nonce'),
    });
    expect(read.headers).not.toHaveProperty('access-control-allow-credentials');
    const preflight = await ask('/authorize', { method: 'OPTIONS' });
    expect(preflight).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-methods': expect.stringContaining('GET') },
    });
    expect((await ask('/authorize/database')).headers).not.toHaveProperty('access-control-allow-origin');
    expect((await ask('/authorize/database', { method: 'OPTIONS' })).status).toBe(405);
  });
});

describe('requests of other services', () => {
  it('are answered under the permissions of the one who asks', async () => {
    const authn = await mesh.requester('authn');
    await expect(authn.request(findTenant, { slug: 'acme' })).resolves.toMatchObject({ slug: 'acme' });
    // It serves this, and calls it nowhere.
    const directory = await mesh.requester('directory');
    await expect(directory.request(findTenant, { slug: 'acme' }, { timeout: 300 })).rejects.toMatchObject({
      name: 'MeshError',
    });
  });
});
