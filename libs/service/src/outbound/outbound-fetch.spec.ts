import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the quick start makes its certificates by it; tools/ is no project
import { newAuthority } from '../../../../tools/authority.mjs';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the quick start serves TLS by it; tools/ is no project
import { developmentTls } from '../../../../tools/development-tls.mjs';
import { runWithContext } from '@signet/messaging';
import { AddedAuthorities } from './added-authorities.js';
import { OutboundFetch, type OutboundOptions } from './outbound-fetch.js';

const json = ['application/json'];
const servers: Server[] = [];

async function listen(server: Server, address = '127.0.0.1', port = 0): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A server of a client, reached by a name that the resolver of the test alone knows. */
async function site(listener: RequestListener, options: Partial<OutboundOptions> = {}) {
  const port = await listen(createServer(listener));
  const origin = `http://client.example:${port}`;
  const fetcher = new OutboundFetch({ allow: [origin], resolve: () => Promise.resolve(['127.0.0.1']), ...options });
  return { origin, port, fetcher };
}

const answer =
  (body: string | Buffer, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
  };

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('where a fetch may lead', () => {
  const never = (): Promise<string[]> => Promise.reject(new Error('nobody asked'));
  const faultOf = async (uri: string, addresses?: readonly string[], allow: readonly string[] = []) => {
    const resolve = addresses === undefined ? never : () => Promise.resolve(addresses);
    const result = await new OutboundFetch({ allow, resolve }).bytes(uri, json);
    return result.ok ? 'fetched' : result.fault;
  };

  it.each([
    'http://client.example/',
    'ftp://client.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:0',
    '//client.example/',
    '/jwks',
    '',
    'https://user@client.example/',
    'https://:password@client.example/',
    'https://',
  ])('no place is %j', async (uri) => {
    expect(await faultOf(uri, ['1.1.1.1'])).toBe('uri');
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fd00:ec2::254]/',
    'https://10.0.0.1:8443/',
  ])('inside is %s', async (uri) => {
    expect(await faultOf(uri)).toBe('address');
  });

  it.each<[string, readonly string[]]>([
    ['loopback', ['127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['a public address and a private one', ['1.1.1.1', '10.0.0.1']],
    ['v4-mapped loopback', ['::ffff:127.0.0.1']],
    ['what is no address', ['client.example']],
  ])('inside is a name of %s', async (_what, addresses) => {
    expect(await faultOf('https://client.example/', addresses)).toBe('address');
  });

  it('localhost is inside by the resolver of the machine', async () => {
    const result = await new OutboundFetch({ allow: [] }).bytes('https://localhost/', json);
    expect(result).toEqual({ ok: false, fault: 'address' });
  });

  it('an exemption is of one origin', async () => {
    const allow = ['http://client.example:8080', 'https://inside.example'];
    expect(await faultOf('http://client.example:8081/', ['127.0.0.1'], allow)).toBe('uri');
    expect(await faultOf('https://client.example:8080/', ['127.0.0.1'], allow)).toBe('address');
    expect(await faultOf('https://inside.example:8443/', ['127.0.0.1'], allow)).toBe('address');
    expect(await faultOf('https://inside.example.evil.example/', ['127.0.0.1'], allow)).toBe('address');
  });

  it('a name without an address is unreachable', async () => {
    expect(await faultOf('https://client.example/')).toBe('unreachable');
    expect(await faultOf('https://client.example/', [])).toBe('unreachable');
  });
});

describe('a fetch', () => {
  it('brings the body, and asks for what the caller takes', async () => {
    let seen: unknown;
    const { origin, fetcher } = await site((request, response) => {
      seen = { method: request.method, url: request.url, headers: request.headers };
      answer('{"é":1}', { 'Content-Type': 'Application/JSON; charset=utf-8' })(request, response);
    });
    const result = await fetcher.text(`${origin}/jwks?a=b#fragment`, ['application/jwk-set+json', 'application/json']);
    expect(result).toEqual({ ok: true, body: '{"é":1}', contentType: 'application/json' });
    expect(seen).toMatchObject({
      method: 'GET',
      url: '/jwks?a=b',
      headers: { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' },
    });
  });

  it('connects to the address that it judged, whatever the name resolves to next', async () => {
    const { origin, port } = await site(answer('"judged"'));
    await listen(createServer(answer('"rebound"')), '127.0.0.2', port);
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2'];
    let asked = 0;
    const fetcher = new OutboundFetch({
      allow: [origin],
      resolve: () => Promise.resolve([answers[asked++] ?? '']),
    });
    expect(await fetcher.text(origin, json)).toMatchObject({ ok: true, body: '"judged"' });
    expect(asked).toBe(1);
    // The next one resolves anew, and opens a connection of its own.
    expect(await fetcher.text(origin, json)).toMatchObject({ ok: true, body: '"rebound"' });
  });

  it.each([301, 302, 303, 307, 308])('does not follow %i inside', async (status) => {
    let reached = false;
    const inside = await site((request, response) => {
      reached = true;
      answer('{}')(request, response);
    });
    const location = `http://127.0.0.1:${inside.port}/`;
    const { origin, fetcher } = await site(answer('', { Location: location }, status));
    expect(await fetcher.bytes(origin, json)).toEqual({ ok: false, fault: 'redirect' });
    expect(reached).toBe(false);
  });

  it.each<[string, RequestListener, string]>([
    ['is an error', answer('{}', {}, 500), 'status'],
    ['is not there', answer('{}', {}, 404), 'status'],
    ['has no content', answer('', {}, 204), 'status'],
    ['is HTML', answer('{}', { 'Content-Type': 'text/html' }), 'content_type'],
    ['has a type that begins alike', answer('{}', { 'Content-Type': 'application/json5' }), 'content_type'],
    ['has no type', answer('{}', { 'Content-Type': '' }), 'content_type'],
    ['is compressed', answer('{}', { 'Content-Encoding': 'gzip' }), 'encoding'],
    ['is not UTF-8', answer(Buffer.from([0xff, 0xfe])), 'encoding'],
    ['is one byte too long', answer('x'.repeat(256 * 1024 + 1)), 'too_large'],
    [
      'breaks off',
      (_, response) =>
        void response
          .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '9' })
          .write('{', () => response.destroy()),
      'unreachable',
    ],
    ['hangs up', (request) => void request.socket.destroy(), 'unreachable'],
  ])('brings nothing that %s', async (_what, listener, fault) => {
    const { origin, fetcher } = await site(listener);
    expect(await fetcher.text(origin, json)).toEqual({ ok: false, fault });
  });

  it('brings what is just short enough', async () => {
    const { origin, fetcher } = await site(answer('x'.repeat(256 * 1024)));
    expect(await fetcher.text(origin, json)).toMatchObject({ ok: true });
  });

  it('stops reading a body without end', async () => {
    let closed: () => void = () => undefined;
    const hungUp = new Promise<void>((resolve) => (closed = resolve));
    const { origin, fetcher } = await site((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more).once('close', () => {
        closed();
      });
      more();
    });
    expect(await fetcher.bytes(origin, json)).toEqual({ ok: false, fault: 'too_large' });
    await hungUp;
  });

  it.each<[string, RequestListener]>([
    ['headers that do not come', () => undefined],
    [
      'a body that does not end',
      (_, response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).write('{'),
    ],
  ])('waits no longer than its deadline for %s', async (_what, listener) => {
    const { origin, fetcher } = await site(listener, { deadline: 200 });
    expect(await fetcher.bytes(origin, json)).toEqual({ ok: false, fault: 'deadline' });
  });

  it('waits no longer than its deadline for a name', async () => {
    const { origin, fetcher } = await site(answer('{}'), {
      deadline: 50,
      resolve: () => new Promise(() => undefined),
    });
    expect(await fetcher.bytes(origin, json)).toEqual({ ok: false, fault: 'deadline' });
  });

  it('waits no longer than the call that asks may', async () => {
    const { origin, fetcher } = await site(answer('{}'), {
      deadline: 60_000,
      resolve: () => new Promise(() => undefined),
    });
    const asked = runWithContext({ deadline: Date.now() + 550 }, () => fetcher.bytes(origin, json));
    expect(await asked).toEqual({ ok: false, fault: 'deadline' });
  });
});

describe('a form that is sent', () => {
  const form = new URLSearchParams({ logout_token: 'a.b+c/d=', more: 'é' });

  it('arrives as it is, and brings the status', async () => {
    const seen: unknown[] = [];
    const { origin, fetcher } = await site((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, type: request.headers['content-type'], body });
        response.writeHead(204).end();
      });
    });
    expect(await fetcher.post(`${origin}/logout?of=shop`, form)).toEqual({ ok: true, status: 204 });
    const type = 'application/x-www-form-urlencoded';
    expect(seen).toEqual([
      { method: 'POST', url: '/logout?of=shop', type, body: 'logout_token=a.b%2Bc%2Fd%3D&more=%C3%A9' },
    ]);
  });

  it.each([200, 302, 307, 400, 500])('brings %i, and goes nowhere else', async (status) => {
    let asked = 0;
    const { origin, fetcher } = await site((_request, response) => {
      asked += 1;
      response.writeHead(status, { Location: '/elsewhere' }).end('{}');
    });
    expect(await fetcher.post(origin, form)).toEqual({ ok: true, status });
    expect(asked).toBe(1);
  });

  it('does not wait for the rest of an answer without end', async () => {
    const { origin, fetcher } = await site((_request, response) => void response.writeHead(200).write('x'));
    expect(await fetcher.post(origin, form)).toEqual({ ok: true, status: 200 });
  });

  it.each<[string, RequestListener, string]>([
    ['is none of HTTP', ({ socket }) => void socket.end('garbage\r\n\r\n'), 'unreachable'],
    ['does not come', () => undefined, 'deadline'],
    ['is a hang-up', ({ socket }) => void socket.destroy(), 'unreachable'],
  ])('fails where the answer %s', async (_what, listener, fault) => {
    const { origin, fetcher } = await site(listener, { deadline: 200 });
    expect(await fetcher.post(origin, form)).toEqual({ ok: false, fault });
  });

  it('leads inside no more than a fetch does', async () => {
    const fetcher = new OutboundFetch({ allow: [], resolve: () => Promise.resolve(['127.0.0.1']) });
    expect(await fetcher.post('https://client.example/', form)).toEqual({ ok: false, fault: 'address' });
    expect(await fetcher.post('http://client.example/', form)).toEqual({ ok: false, fault: 'uri' });
  });
});

describe('over TLS', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'signet-outbound-'));
  let files: { readonly ca: string; readonly cert: string; readonly key: string };
  beforeAll(async () => {
    files = await developmentTls(directory);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  async function at(hostname: string) {
    const [cert, key] = [files.cert, files.key].map((file) => readFileSync(file, 'utf8'));
    return `https://${hostname}:${await listen(createTlsServer({ cert, key }, answer('{}')))}`;
  }

  async function fetched(origin: string, authorities: AddedAuthorities | undefined) {
    const resolve = () => Promise.resolve(['127.0.0.1']);
    const result = await new OutboundFetch({ allow: [origin], authorities, resolve }).text(origin, json);
    return result.ok ? result.body : result.fault;
  }

  it('an authority that is added is trusted', async () => {
    expect(await fetched(await at('localhost'), new AddedAuthorities(files.ca))).toBe('{}');
  });

  it('the file of authorities may be replaced; half written it counts as it was', async () => {
    const [origin, file] = [await at('localhost'), path.join(directory, 'authorities.pem')];
    writeFileSync(file, (await newAuthority({ name: 'Another', days: 1 })).ca);
    const authorities = new AddedAuthorities(file);
    expect(await fetched(origin, authorities)).toBe('unreachable');
    const right = readFileSync(files.ca, 'utf8');
    writeFileSync(file, right);
    expect(await fetched(origin, authorities)).toBe('{}');
    for (const text of [right.slice(0, 90), '']) {
      writeFileSync(file, text);
      expect(await fetched(origin, authorities)).toBe('{}');
    }
    rmSync(file);
    expect(await fetched(origin, authorities)).toBe('{}');
  });

  it('an exemption spares no certificate', async () => {
    expect(await fetched(await at('localhost'), undefined)).toBe('unreachable');
    expect(await fetched(await at('client.example'), new AddedAuthorities(files.ca))).toBe('unreachable');
  });
});
