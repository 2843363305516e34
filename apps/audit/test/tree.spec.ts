import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  findLogKey,
  newId,
  proveEntry,
  signInFailed,
  tenantId,
  type RecordedEvent,
  type TenantId,
} from '@signet/contracts';
import {
  decodeBase64,
  leafHash,
  openCheckpoint,
  parseBundle,
  parseNoteKey,
  parseProof,
  TreeEdge,
  verifyConsistency,
  verifyInclusion,
  type Checkpoint,
  type Hash,
  type NoteKey,
} from '@signet/tlog';
import { Overtaken } from '../src/log/appender.js';
import { TreeBuilder } from '../src/tree/tree-builder.js';
import { TreeKeeper } from '../src/tree/tree-keeper.js';
import { AuditedTenants } from './audited-tenants.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let writer: Replica;
let origin: string;
let reader: string;
const globex = newId(tenantId);

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  tenants.tenant('globex', globex);
  writer = await on.startReplica();
  origin = await tenants.at(writer);
  reader = tenants.token('default', ['events:read']);
});
afterAll(async () => {
  await tenants.stop();
  await on.stop();
});

const failed = (of: TenantId = on.tenant): RecordedEvent =>
  on.producer.parts.events.make(signInFailed, {
    ...{ tenantId: of, data: {}, personal: { username: 'alice' }, context: { actor: 'anonymous' } },
  });

const log = (path: string, init: RequestInit = {}) => fetch(`${origin}/audit/v1/log/${path}`, init);
const asReader = (bearer = reader): RequestInit => ({ headers: { Authorization: `Bearer ${bearer}` } });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

async function logKey(of: TenantId = on.tenant): Promise<NoteKey> {
  const { key } = await on.requester.request(findLogKey, { tenantId: of });
  const parsed = parseNoteKey(key);
  if (!parsed) throw new Error(key);
  return parsed;
}

async function checkpointOf(slug = '', of: TenantId = on.tenant): Promise<Checkpoint> {
  const answer = await log(`${slug}checkpoint`);
  const opened = openCheckpoint(await answer.text(), await logKey(of));
  if (!('checkpoint' in opened)) throw new Error(opened.fault);
  return opened.checkpoint;
}

const headSize = async (of: TenantId = on.tenant): Promise<number> =>
  Number(
    (await on.database.query<{ size: string }>('select size from audit.log_head where tenant_id = $1', [of]))[0]?.size,
  );

async function signed(): Promise<Checkpoint> {
  await on.signed();
  return checkpointOf();
}

/** Of the log as Postgres has it. */
async function rootOf(size: number, of: TenantId = on.tenant): Promise<Hash> {
  const rows = await on.database.query<{ leaf: Buffer }>(
    'select leaf from audit.entry where tenant_id = $1 order by index limit $2',
    [of, size],
  );
  const edge = new TreeEdge();
  for (const { leaf } of rows) edge.append(leafHash(leaf));
  expect(edge.size).toBe(size);
  return edge.root();
}

describe("a tenant's log", () => {
  it('is signed whole, by a key that is itself an event of it', async () => {
    await on.recordAll(Array.from({ length: 20 }, () => failed()));
    const { size, root, origin: name } = await signed();
    expect(size).toBe(await headSize());
    expect(Buffer.from(root)).toEqual(Buffer.from(await rootOf(size)));
    expect(name).toMatch(/^localhost:\d+\/audit\/v1\/log$/);
    const [created] = await on.database.query<{ leaf: Buffer }>(
      `select leaf from audit.entry where tenant_id = $1 and type = 'signet.audit.log-key.created.v1'`,
      [on.tenant],
    );
    const { data } = JSON.parse(created?.leaf.toString() ?? '{}') as { data: object };
    expect(data).toEqual(await on.requester.request(findLogKey, { tenantId: on.tenant }));
  });

  it('is one of its own, with another key and another origin', async () => {
    await on.recordAll([failed(globex)]);
    await signed();
    const other = await checkpointOf('t/globex/', globex);
    expect(other.origin).toMatch(/^localhost:\d+\/audit\/v1\/log\/t\/globex$/);
    const theirs = await log('t/globex/checkpoint').then((answer) => answer.text());
    expect(openCheckpoint(theirs, await logKey())).toEqual({ fault: 'unknown_key' });
  });

  it('grows in its tiles, and proves that it did', async () => {
    const before = await signed();
    await on.recordAll(Array.from({ length: 600 }, () => failed()));
    const after = await signed();
    expect(after.size).toBeGreaterThanOrEqual(before.size + 600);
    expect(Buffer.from(after.root)).toEqual(Buffer.from(await rootOf(after.size)));
    const answer = await log(`proof/consistency?from=${before.size}&to=${after.size}`);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const { hashes } = (await answer.json()) as { hashes: string[] };
    const proof = hashes.map((hash) => decodeBase64(hash) ?? new Uint8Array());
    expect(verifyConsistency(before, after, proof)).toBe(true);
    const shorter = await log(`proof/consistency?from=${before.size - 1}&to=${after.size}`);
    const wrong = ((await shorter.json()) as { hashes: string[] }).hashes.map(
      (hash) => decodeBase64(hash) ?? before.root,
    );
    expect(verifyConsistency(before, after, wrong)).toBe(false);
  });

  it('serves tiles of hashes to everybody: full ones for good, partial ones for a while', async () => {
    const { size } = await signed();
    const full = await log('tile/0/000');
    expect(full.status).toBe(200);
    expect(full.headers.get('content-type')).toBe('application/octet-stream');
    expect(full.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(full.headers.get('access-control-allow-origin')).toBe('*');
    const hashes = await bytesOf(full);
    expect(hashes).toHaveLength(8_192);
    const partial = await log('tile/0/000.p/17');
    expect(partial.headers.get('cache-control')).toBe('public, max-age=60');
    expect(await bytesOf(partial)).toEqual(hashes.subarray(0, 17 * 32));
    const last = Math.floor(size / 256);
    expect(await bytesOf(await log(`tile/0/00${last}.p/${size % 256}`))).toHaveLength((size % 256) * 32);
    expect(await bytesOf(await log(`tile/1/000.p/${last}`))).toHaveLength(last * 32);
    const checkpoint = await log('checkpoint');
    expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(checkpoint.headers.get('cache-control')).toBe('public, max-age=1');
    expect(await (await log('key')).text()).toBe(
      `${(await on.requester.request(findLogKey, { tenantId: on.tenant })).key}\n`,
    );
  });

  it('serves entries to who may read events, in bundles that hash to their tile, and records that', async () => {
    await signed();
    const answer = await log('tile/entries/000', asReader());
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const entries = parseBundle(await bytesOf(answer)) ?? [];
    const hashes = await bytesOf(await log('tile/0/000'));
    expect(entries).toHaveLength(256);
    expect(Buffer.concat(entries.map(leafHash))).toEqual(hashes);
    expect(Buffer.concat(entries.map((entry) => Buffer.from(entry))).toString()).not.toContain('alice');
    await signed();
    const read = await on.database.query<{ leaf: Buffer }>(
      `select leaf from audit.entry where type = 'signet.audit.entry-bundle.fetched.v1' order by index desc limit 1`,
    );
    expect(JSON.parse(read[0]?.leaf.toString() ?? '{}')).toMatchObject({
      ...{ actor: `client:${reader}`, data: { first: 0, last: 255 } },
    });
  });

  it('has no bytes where retention has dropped an entry, and its hash still', async () => {
    const { size } = await signed();
    const entries = await on.entries();
    const gone = entries.find(({ tenant_id: of, index }) => of === on.tenant && index === 3);
    await on.database.query('delete from audit.entry where id = $1', [gone?.id]);
    const bundle = parseBundle(await bytesOf(await log('tile/entries/000', asReader()))) ?? [];
    const hashes = await bytesOf(await log('tile/0/000'));
    expect(bundle[3]).toHaveLength(0);
    expect(hashes.subarray(96, 128)).toEqual(leafHash(gone?.leaf ?? Buffer.alloc(0)));
    expect((await checkpointOf()).size).toBeGreaterThanOrEqual(size);
  });

  it.each([
    ['tile/entries/000', {}, 401],
    ['tile/entries/000', { Authorization: 'Bearer nobody' }, 401],
    ['proof/inclusion?index=0', {}, 401],
  ])('gives %s not to %j', async (path, headers, status) => {
    expect((await log(path, { headers })).status).toBe(status);
  });

  it('gives entries not without the permission, and not to another tenant', async () => {
    const without = tenants.token('default', ['accounts:read']);
    const other = tenants.token('globex', ['events:read']);
    expect((await log('tile/entries/000', asReader(without))).status).toBe(403);
    expect((await log('tile/entries/000', asReader(other))).status).toBe(401);
    expect((await log('t/globex/tile/entries/000.p/1', asReader(reader))).status).toBe(401);
    expect((await log('t/globex/tile/entries/000.p/1', asReader(other))).status).toBe(200);
  });

  it.each([
    'tile/0/099',
    'tile/0/099.p/1',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/00/000',
    'tile/64/000',
    'tile/9/000',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/%65ntries/000',
    'tile/0%2F000',
    'tile/0/../0/000.p/999',
    'tile/',
    'checkpoint/',
    'checkpoint.witnessed',
    't/default/checkpoint',
    'tile/data/000',
  ])('has nothing at %s', async (path) => {
    const answer = await log(path);
    expect([401, 404]).toContain(answer.status);
    if (answer.status === 401) expect(path).toContain('ntries');
  });

  it.each([
    'proof/consistency',
    'proof/consistency?from=-1',
    'proof/consistency?from=01',
    'proof/consistency?from=2&to=1',
    'proof/consistency?from=0&to=999999999',
    'proof/consistency?from=0&from=1',
    'proof/consistency?from=0&x=1',
    'proof/consistency?from=1e1',
    'proof/inclusion',
    'proof/inclusion?index=0&event=x',
    'proof/inclusion?event=x',
    'proof/inclusion?index=99999999',
    'proof/inclusion?index=0&size=0',
    'proof/inclusion?index=0&size=99999999',
  ])('says what is wrong with %s', async (path) => {
    const answer = await log(path, asReader());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ type: 'urn:signet:problem:invalid-request' });
  });
});

describe('a proof of one event', () => {
  it('holds with the key alone, for the operator', async () => {
    const event = failed();
    await on.recordAll([event]);
    await signed();
    const { proof: text } = await on.requester.request(proveEntry, { tenantId: on.tenant, id: event.id });
    const proof = parseProof(text);
    const opened = openCheckpoint(proof?.checkpoint ?? '', await logKey());
    if (!proof?.extra || !('checkpoint' in opened)) throw new Error(text);
    const { size, root } = opened.checkpoint;
    const { index, hashes } = proof;
    expect(verifyInclusion({ index, size }, { leaf: leafHash(proof.extra), root }, hashes)).toBe(true);
    expect(JSON.parse(Buffer.from(proof.extra).toString())).toMatchObject({ id: event.id });
  });

  it('is an event of the log, since it shows its own', async () => {
    const event = failed();
    await on.recordAll([event]);
    await signed();
    await on.requester.request(proveEntry, { tenantId: on.tenant, id: event.id });
    await signed();
    const read = (await on.entries())
      .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type: string; actor: string; data: object })
      .filter(({ type, data }) => type === 'signet.audit.events.read.v1' && JSON.stringify(data).includes(event.id));
    expect(read).toMatchObject([
      { actor: 'operator:audit-prove', data: { filters: { id: event.id }, count: 1, personalParts: false } },
    ]);
  });

  it('holds by HTTP, by event and by index, at a size of the past as well', async () => {
    const event = failed();
    await on.recordAll([event]);
    const { size, root } = await signed();
    await on.recordAll([failed()]);
    await signed();
    const asked = await log(`proof/inclusion?event=${event.id}&size=${size}`, asReader());
    const { index, hashes } = (await asked.json()) as { index: number; hashes: string[] };
    const leaf = (await on.entries()).find(({ id }) => id === event.id)?.leaf ?? Buffer.alloc(0);
    const proof = hashes.map((hash) => decodeBase64(hash) ?? new Uint8Array());
    expect(verifyInclusion({ index, size }, { leaf: leafHash(leaf), root }, proof)).toBe(true);
    const byIndex = await log(`proof/inclusion?index=${index}&size=${size}`, asReader());
    expect(await byIndex.json()).toEqual({ index, size, hashes });
  });

  it('is not for what is not there', async () => {
    const id = failed().id;
    await expect(on.requester.request(proveEntry, { tenantId: on.tenant, id })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await log(`proof/inclusion?event=${id}`, asReader())).status).toBe(404);
    await expect(on.requester.request(findLogKey, { tenantId: newId(tenantId) })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('what is wrong with one log', () => {
  it('holds up no other: neither a tile that is lost, nor an origin that another log has', async () => {
    await on.recordAll([failed(globex)]);
    await signed();
    const before = await checkpointOf();
    await on.database.query('delete from audit.tile where tenant_id = $1', [globex]);
    // Made again with the slug that it had.
    const again = newId(tenantId);
    tenants.tenant('globex', again);
    tenants.tenant('gone', globex);
    const initech = newId(tenantId);
    tenants.tenant('initech', initech);
    await on.recordAll([failed(again), failed(globex), failed(), failed(initech)]);
    await until(
      async () =>
        (await checkpointOf()).size > before.size &&
        (await on.database.query('select from audit.tree where tenant_id = $1 and size > 0', [initech])).length === 1,
    );
    expect(await on.database.query('select from audit.tree where tenant_id = $1', [again])).toEqual([]);
    for (const id of [again, globex])
      await on.database.query(
        'update audit.log_head set size = coalesce((select size from audit.tree where tenant_id = $1), 0) where tenant_id = $1',
        [id],
      );
  });
});

describe('the builder of trees', () => {
  const epochNow = async () =>
    Number((await on.database.query<{ epoch: string }>('select epoch from audit.writer'))[0]?.epoch);

  it('writes nothing under an epoch that is over', async () => {
    const before = await signed();
    await writer.service.app.get(TreeKeeper).beforeApplicationShutdown();
    await on.recordAll([failed()]);
    await until(async () => (await headSize()) > before.size);
    const builder = writer.service.app.get(TreeBuilder);
    await expect(builder.round((await epochNow()) - 1)).rejects.toBeInstanceOf(Overtaken);
    expect(await checkpointOf()).toEqual(before);
  });

  it('catches up with tens of thousands of entries', async () => {
    const count = 30_000;
    await on.database.query(
      `with head as (update audit.log_head set size = size + $2 where tenant_id = $1 returning size - $2 as size),
         writer as (update audit.writer set ordinal = ordinal + $2 returning ordinal - $2 as ordinal)
       insert into audit.entry (class, tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version, actor, failed,
         leaf, stream_created, stream_sequence)
       select 'tokens', $1, head.size + n, writer.ordinal + n + 1, gen_random_uuid(), 's', 't', 'a:' || n, 1, 'a', false,
         convert_to(repeat('x', 700) || n, 'utf8'), 'c', n
       from head, writer, generate_series(0, $2 - 1) n`,
      [on.tenant, count],
    );
    const builder = writer.service.app.get(TreeBuilder);
    const epoch = await epochNow();
    while ((await builder.round(epoch)).more);
    const { size, root } = await checkpointOf();
    expect(size).toBe(await headSize());
    const rows = await on.database.query<{ leaf: Buffer | null; hash: Buffer }>(
      `select sha256('\\x00'::bytea || leaf) as hash from audit.entry where tenant_id = $1 order by index`,
      [on.tenant],
    );
    const edge = new TreeEdge();
    const gone = await bytesOf(await log('tile/0/000'));
    for (const { hash } of rows) {
      if (edge.size === 3) edge.append(gone.subarray(96, 128));
      edge.append(hash);
    }
    expect(Buffer.from(edge.root())).toEqual(Buffer.from(root));
  });
});
