import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Administering, problemOf, shownAccount, type AdministeredTenant, type Made } from './administering.js';
import { aDeclaredUser } from './declarations.js';

let the: Administering;
let plane: AdministeredTenant;
let acme: AdministeredTenant;
let globex: AdministeredTenant;
beforeAll(async () => {
  the = await Administering.start();
  plane = await the.tenant({ slug: 'default' });
  acme = await the.tenant({ users: [aDeclaredUser({ groups: [] })] });
  globex = await the.tenant({ users: [aDeclaredUser({ groups: [] })] });
});
afterAll(() => the.stop());

interface Listed {
  readonly items: readonly Made[];
  readonly next_cursor?: string;
}

const redirects = { redirect_uris: ['https://new.example/cb'] };

interface Collection {
  readonly path: string;
  readonly create: object;
  readonly patch: object;
  /** What it is after the patch, in part. */
  readonly patched: object;
  /** By which others name it. */
  readonly naming: string;
  readonly kind: string;
}

const collections: readonly Collection[] = [
  {
    path: '/roles',
    create: { name: 'reader', permissions: { 'urn:signet:management': ['accounts:read'] } },
    patch: { description: 'Reads', permissions: { 'urn:signet:management': null } },
    patched: { name: 'reader', description: 'Reads', permissions: {} },
    ...{ naming: 'name', kind: 'role' },
  },
  {
    path: '/resource-servers',
    create: { identifier: 'https://new.example/api', name: 'New', permissions: [{ name: 'see' }] },
    patch: { name: 'Newer', status_list: true, permissions: [{ name: 'see', description: 'See it' }, { name: 'do' }] },
    patched: { name: 'Newer', access_token_signing_alg: 'ES256', status_list: true },
    ...{ naming: 'identifier', kind: 'resource-server' },
  },
  {
    path: '/scopes',
    create: { name: 'new:read', description: 'Read', resource_server: 'https://orders.example' },
    patch: { description: 'Read all' },
    patched: { name: 'new:read', description: 'Read all', resource_server: 'https://orders.example' },
    ...{ naming: 'name', kind: 'scope' },
  },
  {
    path: '/organisations',
    create: { name: 'paris', roles: ['auditor'] },
    patch: { display_name: 'Paris', roles: null },
    patched: { name: 'paris', display_name: 'Paris', roles: [], enabled: true },
    ...{ naming: 'name', kind: 'organisation' },
  },
  {
    path: '/groups',
    create: { name: 'crew', roles: ['auditor'] },
    patch: { display_name: 'The crew', roles: [] },
    patched: { name: 'crew', display_name: 'The crew', roles: [], groups: [] },
    ...{ naming: 'name', kind: 'group' },
  },
  {
    path: '/clients',
    create: { client_id: 'new', client_name: 'New', 'client_name#fr': 'Nouveau', ...redirects },
    patch: { client_name: 'Newer', enabled: false },
    patched: { client_name: 'Newer', 'client_name#fr': 'Nouveau', enabled: false, secrets: 1 },
    ...{ naming: 'client_id', kind: 'client' },
  },
];

describe.each(collections)('$path', ({ path, create, patch, patched, naming, kind }) => {
  let made: Made;
  let url: string;

  it('creates', async () => {
    const answer = await the.ask(acme.bearer, 'POST', path, create);
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ version: 1 })]);
    made = answer.body as Made;
    url = `${path}/${kind === 'client' ? 'new' : made.id}`;
    expect(answer.headers.get('location')).toBe(`/admin/v1${url}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    const events = await the.eventsOf(acme, `${kind}:%`);
    expect(events.filter(({ type, actor }) => type.endsWith('.created.v1') && actor === 'client:console')).toHaveLength(
      1,
    );
  });

  it('refuses the same name again', async () => {
    expect(problemOf(await the.ask(acme.bearer, 'POST', path, create))).toEqual([409, 'conflict', `/${naming}`]);
  });

  it('reads and lists it, in pages', async () => {
    const known: Record<string, unknown> = { ...made };
    delete known['client_secret'];
    const answer = await the.ask(acme.bearer, 'GET', url);
    expect([answer.status, answer.body, answer.headers.get('etag')]).toEqual([200, known, '"1"']);
    const found: unknown[] = [];
    let cursor = '';
    do {
      const page = (await the.done(acme.bearer, 'GET', `${path}?limit=1${cursor}`)) as unknown as Listed;
      found.push(...page.items);
      cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    const all = await the.done(acme.bearer, 'GET', path);
    expect(found).toEqual(all['items']);
    expect(found).toContainEqual(known);
  });

  it('is not modified for who has it', async () => {
    const answer = await the.ask(acme.bearer, 'GET', url, undefined, { headers: { 'If-None-Match': '"1"' } });
    expect([answer.status, answer.body]).toEqual([304, '']);
  });

  it('changes what the patch says, from the version that it was meant for', async () => {
    const stale = await the.ask(acme.bearer, 'PATCH', url, patch, { headers: { 'If-Match': '"7"' } });
    expect(problemOf(stale)).toEqual([412, 'stale']);
    const type = 'application/merge-patch+json';
    const answer = await the.ask(acme.bearer, 'PATCH', url, patch, { headers: { 'If-Match': '"1"' }, type });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining(patched)]);
    const version = (answer.body as Made).version;
    expect(version).toBeGreaterThan(1);
    expect(answer.headers.get('etag')).toBe(`"${version}"`);
    // What is so already is no change.
    expect((await the.done(acme.bearer, 'PATCH', url, patch)).version).toBe(version);
    const updated = (await the.eventsOf(acme, `${kind}:%`)).filter(({ type }) => type.endsWith('.updated.v1'));
    expect(updated.at(-1)).toMatchObject({ actor: 'client:console' });
  });

  // Mass assignment.
  it.each([
    ...['id', 'version', 'created_at', 'updated_at', 'tenant_id', 'built_in', 'registration'],
    ...['secretHashes', 'secrets', '__type'],
  ])('refuses the member %s', async (member) => {
    const pointer = `/${member}`;
    expect(problemOf(await the.ask(acme.bearer, 'PATCH', url, { [member]: made[member] ?? 1 }))).toEqual([
      ...[400, 'invalid-object', pointer],
    ]);
    const body = { ...create, [naming]: 'other', [member]: 1 };
    expect(problemOf(await the.ask(acme.bearer, 'POST', path, body))).toContain(pointer);
  });

  it('keeps its name', async () => {
    const other = naming === 'identifier' ? 'https://other.example' : 'other';
    const answer = await the.ask(acme.bearer, 'PATCH', url, { [naming]: other });
    expect(problemOf(answer)).toEqual([400, 'invalid-object', `/${naming}`]);
  });

  it.each([[], 'text', 5, null].map((body) => [body]))('refuses %j as an object', async (body) => {
    const sent = JSON.stringify(body);
    expect(problemOf(await the.ask(acme.bearer, 'POST', path, sent))[1]).toBe('invalid-object');
    expect(problemOf(await the.ask(acme.bearer, 'PATCH', url, sent))[1]).toBe('invalid-object');
  });

  it('is nothing to another tenant', async () => {
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      expect([method, problemOf(await the.ask(globex.bearer, method, url, body))]).toEqual([
        method,
        [404, 'not-found'],
      ]);
    }
    const theirs = await the.done(globex.bearer, 'GET', path);
    expect(JSON.stringify(theirs['items'])).not.toContain(url.split('/').at(-1) === 'new' ? '"new"' : made.id);
    expect((await the.ask(acme.bearer, 'GET', url)).status).toBe(200);
  });

  it('deletes', async () => {
    const stale = await the.ask(acme.bearer, 'DELETE', url, undefined, { headers: { 'If-Match': '"1"' } });
    expect(problemOf(stale)).toEqual([412, 'stale']);
    expect((await the.ask(acme.bearer, 'DELETE', url)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expect(problemOf(await the.ask(acme.bearer, method, url))).toEqual([404, 'not-found']);
    }
    expect((await the.eventsOf(acme, `${kind}:%`)).at(-1)).toMatchObject({
      ...{ type: expect.stringMatching(/\.deleted\.v1$/) as unknown, actor: 'client:console' },
    });
  });
});

describe("what is Signet's own", () => {
  it('is read, and does not change', async () => {
    for (const path of ['/roles', '/scopes', '/resource-servers']) {
      const { items } = (await the.done(acme.bearer, 'GET', path)) as unknown as { items: Made[] };
      const own = items.filter((one) => one['built_in'] === true);
      expect([path, own.length]).toEqual([path, expect.any(Number)]);
      for (const { id } of own) {
        expect(problemOf(await the.ask(acme.bearer, 'PATCH', `${path}/${id}`, {}))).toEqual([409, 'built-in']);
        expect(problemOf(await the.ask(acme.bearer, 'DELETE', `${path}/${id}`))).toEqual([409, 'built-in']);
      }
    }
    const [status, code] = problemOf(await the.ask(acme.bearer, 'POST', '/roles', { name: 'signet:mine' }));
    expect([status, code]).toEqual([400, 'invalid-object']);
  });
});

describe('what others refer to', () => {
  it('is not deleted', async () => {
    const { id } = await the.done(acme.bearer, 'POST', '/roles', { name: 'held' });
    const group = await the.done(acme.bearer, 'POST', '/groups', { name: 'holders', roles: ['held'] });
    const answer = await the.ask(acme.bearer, 'DELETE', `/roles/${id}`);
    expect(problemOf(answer)).toEqual([409, 'in-use']);
    expect(JSON.stringify(answer.body)).toContain('group holders');
    await the.done(acme.bearer, 'DELETE', `/groups/${group.id}`);
    await the.done(acme.bearer, 'DELETE', `/roles/${id}`);
  });

  it('has to be there', async () => {
    for (const [path, body, pointer] of [
      ['/groups', { name: 'g', roles: ['auditor', 'nobody'] }, '/roles/1'],
      ['/groups', { name: 'g', groups: ['nobody'] }, '/groups/0'],
      ['/scopes', { name: 's', description: 'S', resource_server: 'https://nobody.example' }, '/resource_server'],
      [
        '/roles',
        { name: 'r', permissions: { 'https://orders.example': ['x'] } },
        '/permissions/https:~1~1orders.example/0',
      ],
      ['/clients', { ...redirects, scope: 'openid nobody' }, '/scope/1'],
      ['/accounts', { username: 'u', organisations: [{ name: 'nobody' }] }, '/organisations/0'],
    ] as const) {
      const [status, code, ...pointers] = problemOf(await the.ask(acme.bearer, 'POST', path, body));
      expect([path, status, code, pointers]).toEqual([path, 400, 'invalid-object', [pointer]]);
    }
  });
});

describe('/accounts', () => {
  it('creates, finds, renames and disables, which is a floor', async () => {
    const bob = await the.done(acme.bearer, 'POST', '/accounts', {
      ...{ username: 'Bob', name: 'Bob B.', email: 'Bob@acme.example', roles: ['auditor'] },
    });
    const listed = async (query: string) => {
      const { items } = (await the.done(acme.bearer, 'GET', `/accounts?${query}`)) as unknown as { items: Made[] };
      return items.map(({ id }) => id);
    };
    expect(await listed('username=BOB')).toEqual([bob.id]);
    expect(await listed('email=bob%40acme.example&enabled=true')).toEqual([bob.id]);
    expect(await listed('username=bob&enabled=false')).toEqual([]);
    const url = `/accounts/${bob.id}`;
    const answer = await the.ask(acme.bearer, 'PATCH', url, { username: 'Robert', email: null, enabled: false });
    expect(answer.body).toMatchObject({ username: 'Robert', name: 'Bob B.', enabled: false, roles: ['auditor'] });
    expect(answer.body).not.toHaveProperty('email');
    expect(await listed('username=robert')).toEqual([bob.id]);
    expect(the.on.token.floors).toContainEqual(
      expect.objectContaining({ kind: 'account', reason: 'account_disabled' }),
    );
    const leaves = JSON.stringify(await the.eventsOf(acme, 'account:%'));
    expect(leaves).not.toMatch(/bob|robert/i);
  });

  it('has one account of a name', async () => {
    expect(problemOf(await the.ask(acme.bearer, 'POST', '/accounts', { username: 'aLICE' }))).toEqual([
      ...[409, 'conflict', '/username'],
    ]);
    const carol = await the.done(acme.bearer, 'POST', '/accounts', { username: 'Carol' });
    const answer = await the.ask(acme.bearer, 'PATCH', `/accounts/${carol.id}`, { username: 'alice' });
    expect(problemOf(answer)).toEqual([409, 'conflict', '/username']);
  });

  it.each([
    'id',
    'sub',
    'password',
    'pairwise_seed',
    'version',
    'status',
    'preferred_username',
    'updated_at',
    'claims',
  ])('refuses the member %s', async (member) => {
    const url = `/accounts/${shownAccount(acme, 'Alice')}`;
    expect(problemOf(await the.ask(acme.bearer, 'PATCH', url, { [member]: 'x' }))).toContain(`/${member}`);
  });

  it('is nothing to another tenant', async () => {
    const url = `/accounts/${shownAccount(acme, 'Alice')}`;
    expect(problemOf(await the.ask(globex.bearer, 'GET', url))).toEqual([404, 'not-found']);
    expect(problemOf(await the.ask(globex.bearer, 'PATCH', url, {}))).toEqual([404, 'not-found']);
  });
});

describe('/clients', () => {
  it('makes secrets, and shows each once', async () => {
    const made = await the.done(acme.bearer, 'POST', '/clients', redirects);
    const { client_id: id, client_secret: first } = made as unknown as { client_id: string; client_secret: string };
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const url = `/clients/${id}`;
    const rotated = await the.done(acme.bearer, 'POST', `${url}/secret`, {});
    expect(rotated['client_secret']).not.toBe(first);
    expect(await the.done(acme.bearer, 'GET', url)).toMatchObject({ secrets: 2 });
    await the.done(acme.bearer, 'POST', `${url}/secret`, {});
    expect(await the.done(acme.bearer, 'GET', url)).toMatchObject({ secrets: 2 });
    await the.done(acme.bearer, 'POST', `${url}/secret`, { end_others: true });
    const shown = await the.done(acme.bearer, 'GET', url);
    expect(shown).toMatchObject({ secrets: 1 });
    expect(shown).not.toHaveProperty('client_secret');
    const leaves = JSON.stringify(await the.eventsOf(acme, `client:${id}`));
    expect(leaves).not.toContain(first);
  });

  it('has none where it needs none, and gets one where it begins to', async () => {
    const body = { ...redirects, client_id: 'spa', token_endpoint_auth_method: 'none' };
    const made = await the.done(acme.bearer, 'POST', '/clients', body);
    expect(made).toMatchObject({ secrets: 0 });
    expect(made).not.toHaveProperty('client_secret');
    expect(problemOf(await the.ask(acme.bearer, 'POST', '/clients/spa/secret', {}))).toEqual([409, 'conflict']);
    const method = { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'HS512' };
    const changed = await the.done(acme.bearer, 'PATCH', '/clients/spa', method);
    expect(String(changed['client_secret'])).toHaveLength(86);
    const again = await the.done(acme.bearer, 'PATCH', '/clients/spa', { client_name: 'SPA' });
    expect(again).not.toHaveProperty('client_secret');
    expect(again).toMatchObject({ secrets: 1 });
  });

  it('is judged whole', async () => {
    const body = { ...redirects, redirect_uris: ['http://new.example/cb'], grant_types: ['client_credentials'] };
    const answer = await the.ask(acme.bearer, 'POST', '/clients', { ...body, token_endpoint_auth_method: 'none' });
    expect(problemOf(answer).slice(0, 2)).toEqual([400, 'invalid-object']);
  });

  it('never shows a secret again for an Idempotency-Key', async () => {
    const create = () =>
      the.ask(acme.bearer, 'POST', '/clients', redirects, { headers: { 'Idempotency-Key': '"client"' } });
    expect((await create()).status).toBe(201);
    expect(problemOf(await create())).toEqual([409, 'shown-once']);
  });
});

describe('/tenants', () => {
  it('are those of the plane, for the default tenant alone', async () => {
    expect(problemOf(await the.ask(acme.bearer, 'GET', '/tenants'))).toEqual([403, 'insufficient-permission']);
    const made = await the.done(plane.bearer, 'POST', '/tenants', { slug: 'initech', name: 'Initech' });
    expect(made).toMatchObject({ enabled: true, issuer: expect.stringMatching(/\/t\/initech$/) as unknown });
    const url = `/tenants/${made.id}`;
    const changed = await the.done(plane.bearer, 'PATCH', url, { policies: { access_token_seconds: 60 } });
    expect(changed).toMatchObject({ policies: { access_token_seconds: 60, session_idle_seconds: 28_800 } });
    const again = await the.ask(plane.bearer, 'POST', '/tenants', { slug: 'initech', name: 'Initech' });
    expect(problemOf(again)).toEqual([409, 'conflict', '/slug']);
    const other = await the.ask(plane.bearer, 'PATCH', url, { issuer: 'https://other.example' });
    expect(problemOf(other)).toEqual([400, 'invalid-object', '/issuer']);
    const idle = await the.ask(plane.bearer, 'PATCH', url, { policies: { session_idle_seconds: 1_000_000_000 } });
    expect(problemOf(idle)).toEqual([400, 'invalid-object', '/policies/session_idle_seconds']);
    await the.done(plane.bearer, 'PATCH', url, { enabled: false });
    expect(the.on.token.floors).toContainEqual(expect.objectContaining({ kind: 'tenant' }));
    // It has what every tenant has.
    const { items } = (await the.done(plane.bearer, 'GET', '/tenants?slug=initech')) as unknown as { items: Made[] };
    expect(items).toHaveLength(1);
  });
});
