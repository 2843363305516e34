import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventId,
  managementPermissions,
  managementResource,
  newId,
  organisationId,
  problem,
  raiseFloors,
  type Floor,
} from '@signet/contracts';
import { consoleToken, held, makeConsole, manage, type ManagementAnswer } from './support/administering.js';
import { Prover } from './support/dpop.js';
import { eventually } from './support/eventually.js';
import { populate, tokensOf, type Population } from './support/population.js';
import { issuer, runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let globex: Population;
let bearer: string;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  globex = await populate(mesh, 'globex');
  for (const population of [acme, globex]) makeConsole(mesh, population);
  bearer = await consoleToken(mesh.replicas[0], acme);
});
afterAll(() => mesh.stop());

const ask = (...asked: Parameters<typeof manage> extends [unknown, ...infer A] ? A : never) =>
  manage(mesh.replicas[0], ...asked);

/** Status and code of a problem, which has the form of RFC 9457. */
function problemOf({ status, headers, body }: ManagementAnswer): [number, string] {
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(headers.get('cache-control')).toBe('no-store');
  const told = problem.parse(body);
  expect(told.status).toBe(status);
  return [status, told.type.replace('urn:signet:problem:', '')];
}

const itemsOf = ({ body }: ManagementAnswer) => (body as { items: { kid: string; alg: string }[] }).items;

describe('a call', () => {
  it('needs a token, and is told how to bring one', async () => {
    const answer = await ask('GET', '/keys');
    expect(problemOf(answer)).toEqual([401, 'unauthenticated']);
    // RFC 6750 section 3.1: no error where nothing was sent.
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="signet", DPoP algs="[^"]+"$/);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['nonsense', () => 'x'],
    ['a JWT of nobody', () => 'eyJhbGciOiJFUzI1NiIsImtpZCI6IngiLCJ0eXAiOiJhdCtqd3QifQ.e30.AA'],
    ['a token for another resource server', () => consoleToken(mesh.replicas[0], acme, 'demo:read')],
    ["a person's token of openid", async () => (await tokensOf(mesh, acme)).access_token],
    ['a refresh token', async () => (await tokensOf(mesh, acme)).refresh_token ?? ''],
  ])('with %s is 401', async (_, token) => {
    const answer = await ask('GET', '/keys', { bearer: await token() });
    expect(problemOf(answer)).toEqual([401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('with the scope of something else is 403, and names the one that it needs', async () => {
    const answer = await ask('GET', '/keys', { bearer: await consoleToken(mesh.replicas[0], acme, 'signet:scim') });
    expect(problemOf(answer)).toEqual([403, 'insufficient-scope']);
    expect(answer.headers.get('www-authenticate')).toContain('scope="signet:admin"');
  });

  it('with the token in the query is 400', async () => {
    expect(problemOf(await ask('GET', `/keys?access_token=${bearer}`))).toEqual([400, 'invalid-request']);
  });

  it('needs the permission, as it is held at this moment', async () => {
    const key = `${acme.tenant.id} console`;
    const within = [{ name: 'keys:read', organisationId: newId(organisationId) }];
    try {
      for (const [permissions, reads, writes] of [
        [[], 403, 403],
        [held('keys:read'), 200, 403],
        [held('accounts:write', 'sessions:read'), 403, 403],
        // Keys are no organisation's.
        [within, 403, 403],
        [held('keys:write'), 403, 201],
      ] as const) {
        mesh.directory.authorities.set(key, [...permissions]);
        const read = await ask('GET', '/keys', { bearer });
        const write = await ask('POST', '/keys', { bearer, body: { alg: 'EdDSA' } });
        expect([permissions, read.status, write.status]).toEqual([permissions, reads, writes]);
        if (read.status === 403) expect(problemOf(read)).toEqual([403, 'insufficient-permission']);
      }
    } finally {
      mesh.directory.authorities.set(key, held(...managementPermissions));
    }
  });

  it('that was refused is recorded, with who asked', async () => {
    const refused = await mesh.recorded('signet.token.management-call.refused.v1', acme.tenant);
    const by = (reason: string) => refused.find((leaf) => leaf['reason'] === reason);
    expect(by('insufficient_permission')).toMatchObject({ actor: 'client:console', data: { operation: 'listKeys' } });
    expect(by('audience')).toMatchObject({ actor: 'client:console' });
    expect(by('tenant')).toMatchObject({ actor: 'anonymous' });
    expect(JSON.stringify(refused)).not.toContain(bearer);
  });

  it('speaks of the tenant of its token alone', async () => {
    const theirs = await consoleToken(mesh.replicas[0], globex);
    const [ours] = itemsOf(await ask('GET', '/keys', { bearer }));
    const kids = itemsOf(await ask('GET', '/keys', { bearer: theirs })).map(({ kid }) => kid);
    expect(kids.length).toBeGreaterThan(0);
    expect(kids).not.toContain(ours?.kid);
    expect(problemOf(await ask('GET', `/keys/${ours?.kid ?? ''}`, { bearer: theirs }))).toEqual([404, 'not-found']);
    expect((await ask('GET', `/keys/${ours?.kid ?? ''}`, { bearer })).body).toEqual(ours);
  });

  it('ends with its client', async () => {
    const initech = await populate(mesh, 'initech');
    makeConsole(mesh, initech);
    const token = await consoleToken(mesh.replicas[0], initech);
    expect((await ask('GET', '/keys', { bearer: token })).status).toBe(200);
    const client = mesh.directory.clients.find(
      (one) => one.tenantId === initech.tenant.id && one.clientId === 'console',
    );
    if (!client) throw new Error('no console');
    mesh.directory.clients.splice(mesh.directory.clients.indexOf(client), 1, { ...client, enabled: false, version: 2 });
    const floor: Floor = {
      ...{ kind: 'client_version', tenantId: initech.tenant.id, clientId: 'console', version: 2 },
      ...{ raiseId: newId(eventId), reason: 'client_changed' },
    };
    await mesh.ask(raiseFloors, { floors: [floor] });
    // Within a second, at the replica too that did not raise it.
    const ended = async () => (await ask('GET', '/keys', { bearer: token })).status === 401;
    expect(await eventually(ended)).toBe(true);
  });

  it('is 503 while nobody says what its caller may do', async () => {
    mesh.directory.away = true;
    try {
      const answer = await ask('GET', '/keys', { bearer });
      expect(problemOf(answer)).toEqual([503, 'unavailable']);
      expect(answer.headers.get('retry-after')).toBe('1');
    } finally {
      mesh.directory.away = false;
    }
  });
});

// RFC 9449 section 7
describe('a call with a token that is bound to a key', () => {
  it('brings a proof of that key for this request', async () => {
    const [replica] = mesh.replicas;
    const prover = await Prover.create();
    const first = await fetch(`${replica.origin}/token`, {
      method: 'POST',
      headers: { dpop: await prover.proof(), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&client_id=x',
    });
    prover.nonce = first.headers.get('dpop-nonce') ?? '';
    const token = await consoleToken(replica, acme, 'signet:admin', { dpop: await prover.proof() });
    const htu = `${issuer}/admin/v1/keys`;
    const send = async (proof: Promise<string> | undefined, scheme = 'DPoP') =>
      ask('GET', '/keys?limit=1', {
        headers: { authorization: `${scheme} ${token}`, ...(proof && { dpop: await proof }) },
      });
    const answer = await send(prover.proofFor(token, { htu }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('dpop-nonce')).toBeTruthy();
    expect(problemOf(await send(undefined, 'Bearer'))).toEqual([401, 'unauthenticated']);
    expect(problemOf(await send(undefined))).toEqual([401, 'unauthenticated']);
    expect(problemOf(await send(prover.proofFor(token)))).toEqual([401, 'unauthenticated']);
    expect(problemOf(await send(prover.proofFor(token, { htu, htm: 'POST' })))).toEqual([401, 'unauthenticated']);
    const mallory = await Prover.create('ES256', prover.nonce);
    expect(problemOf(await send(mallory.proofFor(token, { htu })))).toEqual([401, 'unauthenticated']);
    const old = await send(prover.proofFor(token, { htu, nonce: 'old' }));
    expect(problemOf(old)).toEqual([401, 'unauthenticated']);
    expect(old.headers.get('www-authenticate')).toContain('error="use_dpop_nonce"');
    expect(old.headers.get('dpop-nonce')).toBeTruthy();
  });
});

describe('keys', () => {
  it('are listed in pages, each once, in the same order', async () => {
    const all = itemsOf(await ask('GET', '/keys', { bearer }));
    expect(all.length).toBeGreaterThan(3);
    const seen: unknown[] = [];
    let next: string | undefined = '/admin/v1/keys?limit=2';
    while (next !== undefined) {
      const answer = await ask('GET', next.replace('/admin/v1', ''), { bearer });
      const { items, next_cursor: cursor } = answer.body as { items: unknown[]; next_cursor?: string };
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items);
      // RFC 8288
      const [, link] = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '') ?? [];
      expect(link === undefined).toBe(cursor === undefined);
      next = link;
    }
    expect(seen).toEqual(all);
  });

  it('are found by what they are for', async () => {
    const es256 = itemsOf(await ask('GET', '/keys?alg=ES256&published=true', { bearer }));
    expect(es256).toEqual([expect.objectContaining({ alg: 'ES256', use: 'sig', in_use: true })]);
    expect(itemsOf(await ask('GET', '/keys?published=false', { bearer }))).toEqual([]);
  });

  it('are rotated, which is an event of whoever did it', async () => {
    const answer = await ask('POST', '/keys', { bearer, body: { alg: 'ES256', immediately: true } });
    expect(answer.status).toBe(201);
    const { kid } = answer.body as { kid: string };
    expect(answer.headers.get('location')).toBe(`/admin/v1/keys/${kid}`);
    expect((await ask('GET', `/keys/${kid}`, { bearer })).body).toEqual(answer.body);
    const created = await mesh.recorded('signet.token.key.created.v1', acme.tenant);
    expect(created.at(-1)).toMatchObject({ actor: 'client:console', reason: 'requested', data: { kid } });
    const { access_token: token } = await tokensOf(mesh, acme);
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toContain(kid);
  });
});

describe('Idempotency-Key', () => {
  const rotate = (key: string, body: object = { alg: 'PS256' }, at: 0 | 1 = 0) =>
    manage(mesh.replicas[at], 'POST', '/keys', { bearer, body, headers: { 'idempotency-key': key } });
  const ps256 = async () => itemsOf(await ask('GET', '/keys?alg=PS256', { bearer })).length;

  it('makes one key of many requests, at any replica', async () => {
    const before = await ps256();
    const first = await rotate('"one"');
    const again = await Promise.all([rotate('"one"', undefined, 1), rotate('one')]);
    for (const answer of again) {
      expect([answer.status, answer.body]).toEqual([201, first.body]);
      expect(answer.headers.get('location')).toBe(first.headers.get('location'));
    }
    expect(await ps256()).toBe(before + 1);
  });

  it('of a request that is under way is 409, and of one that ran at the same time changes nothing', async () => {
    const before = await ps256();
    const answers = await Promise.all([0, 1, 0, 1, 0, 1].map((at) => rotate('"racing"', undefined, at as 0 | 1)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    for (const answer of answers) {
      if (answer.status !== 201) expect(problemOf(answer)).toEqual([409, 'in-progress']);
    }
    expect(await ps256()).toBe(before + 1);
  });

  it('is for one request, of one caller', async () => {
    const before = await ps256();
    await rotate('"mine"');
    expect(problemOf(await rotate('"mine"', { alg: 'PS256', immediately: true }))).toEqual([422, 'key-reused']);
    const theirs = await consoleToken(mesh.replicas[0], globex);
    const answer = await ask('POST', '/keys', {
      ...{ bearer: theirs, body: { alg: 'PS256' } },
      headers: { 'idempotency-key': '"mine"' },
    });
    expect(answer.status).toBe(201);
    expect(await ps256()).toBe(before + 1);
  });

  it('of a request that was refused may be used again', async () => {
    expect(problemOf(await rotate('"again"', { alg: 'none' }))).toEqual([400, 'invalid-object']);
    expect((await rotate('"again"')).status).toBe(201);
  });

  it.each(['""', '"', 'a b', '"a', `"${'x'.repeat(256)}"`, 'é'])('%j is malformed', async (key) => {
    expect(problemOf(await rotate(key))).toEqual([400, 'invalid-request']);
  });
});

describe('bad input', () => {
  it.each<[string, string, string, unknown, number, string, unknown]>([
    ['an unknown parameter', 'GET', '/keys?kid=1', undefined, 400, 'invalid-request', [{ parameter: 'kid' }]],
    ['a doubled one', 'GET', '/keys?alg=ES256&alg=RS256', undefined, 400, 'invalid-request', undefined],
    ['a limit of nothing', 'GET', '/keys?limit=0', undefined, 400, 'invalid-request', [{ parameter: 'limit' }]],
    ['a limit beyond', 'GET', '/keys?limit=201', undefined, 400, 'invalid-request', [{ parameter: 'limit' }]],
    ['a limit that is none', 'GET', '/keys?limit=1e1', undefined, 400, 'invalid-request', [{ parameter: 'limit' }]],
    ['no boolean', 'GET', '/keys?published=1', undefined, 400, 'invalid-request', [{ parameter: 'published' }]],
    ['a cursor of nobody', 'GET', '/keys?cursor=AQ', undefined, 400, 'invalid-request', [{ parameter: 'cursor' }]],
    ['bad percent-encoding', 'GET', '/keys?alg=%', undefined, 400, 'invalid-request', undefined],
    ['a kid that is none', 'GET', '/keys/x', undefined, 404, 'not-found', undefined],
    ['no JSON', 'POST', '/keys', '{', 400, 'invalid-request', undefined],
    ['no body', 'POST', '/keys', undefined, 400, 'invalid-object', [{ pointer: '' }]],
    ['an array', 'POST', '/keys', [], 400, 'invalid-object', [{ pointer: '' }]],
    ['an unknown member', 'POST', '/keys', { alg: 'ES256', kid: 'x' }, 400, 'invalid-object', [{ pointer: '/kid' }]],
    ['a wrong type', 'POST', '/keys', { alg: 5 }, 400, 'invalid-object', [{ pointer: '/alg' }]],
    [
      'two faults',
      'POST',
      '/keys',
      { 'a/b~': 1, immediately: 'yes' },
      400,
      'invalid-object',
      [{ pointer: '/alg' }, { pointer: '/immediately' }, { pointer: '/a~1b~0' }],
    ],
    ['a body that is too large', 'POST', '/keys', { alg: 'x'.repeat(70_000) }, 413, 'too-large', undefined],
    ['JSON that nests too deep', 'POST', '/keys', '['.repeat(40) + ']'.repeat(40), 400, 'invalid-request', undefined],
    ['another method', 'DELETE', '/keys', undefined, 405, 'method-not-allowed', undefined],
    ['a path of nothing', 'GET', '/keys/x/y', undefined, 404, 'not-found', undefined],
  ])('%s', async (_, method, url, body, status, code, errors) => {
    const answer = await ask(method, url, { bearer, ...(body !== undefined && { body }) });
    expect(problemOf(answer)).toEqual([status, code]);
    const told = problem.parse(answer.body).errors;
    if (errors === undefined) expect(told ?? []).toEqual([]);
    else expect(told).toEqual((errors as object[]).map((error) => expect.objectContaining(error) as unknown));
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/merge-patch+json'])(
    '%s is no type of a new object',
    async (type) => {
      const answer = await ask('POST', '/keys', { bearer, body: '{"alg":"ES256"}', headers: { 'content-type': type } });
      expect(problemOf(answer)).toEqual([415, 'unsupported-media-type']);
    },
  );

  it('a cursor is for its tenant, its list and its filters', async () => {
    const { next_cursor: cursor } = (await ask('GET', '/keys?limit=1', { bearer })).body as { next_cursor: string };
    const theirs = await consoleToken(mesh.replicas[0], globex);
    expect((await ask('GET', `/keys?limit=3&cursor=${cursor}`, { bearer })).status).toBe(200);
    for (const [query, token] of [
      [`cursor=${cursor}`, theirs],
      [`cursor=${cursor}&alg=ES256`, bearer],
      [`cursor=${cursor}A`, bearer],
      [`cursor=${cursor.slice(0, -4)}AAAA`, bearer],
    ] as const) {
      expect(problemOf(await ask('GET', `/keys?${query}`, { bearer: token }))).toEqual([400, 'invalid-request']);
    }
  });

  it('a token of another kind of audience names this one', () => {
    const [, claims = ''] = bearer.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ aud: managementResource });
  });
});
