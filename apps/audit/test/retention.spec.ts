import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountId,
  findLogKey,
  micros,
  newId,
  setupFinished,
  signInFailed,
  tenantId,
  type RecordedEvent,
  type TenantId,
} from '@signet/contracts';
import { EventFactory } from '@signet/service';
import {
  decodeBase64,
  leafHash,
  openCheckpoint,
  parseBundle,
  parseNoteKey,
  verifyInclusion,
  type Checkpoint,
} from '@signet/tlog';
import { Overtaken } from '../src/log/appender.js';
import { LogWriter } from '../src/log/log-writer.js';
import type { Archive } from '../src/retention/archive.js';
import { DirectoryArchive } from '../src/retention/directory-archive.js';
import { Retention } from '../src/retention/retention.js';
import { TreeReader } from '../src/tree/tree-reader.js';
import { AuditedTenants } from './audited-tenants.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

const day = 86_400;

let on: RunningAudit;
let tenants: AuditedTenants;
let writer: Replica;
let origin: string;
let reader: string;
let directory: string;
let acme: TenantId;
const slug = () => `t${acme.replaceAll('-', '')}`;

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  writer = await on.startReplica();
  origin = await tenants.at(writer);
  directory = await mkdtemp(path.join(tmpdir(), 'signet-archive-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await tenants.stop();
  await on.stop();
});
/** Each test has a log of its own. */
beforeEach(() => {
  acme = newId(tenantId);
  tenants.tenant(slug(), acme);
  tenants.policies(acme, { auditRetention: { authentication: 30 * day } });
  reader = tenants.token(slug(), ['events:read']);
});

/** Makes events of so many days ago. */
const ago = (days: number) =>
  new EventFactory(on.keyring, {
    now: () => micros.parse(writer.service.parts.database.now() - days * day * 1_000_000),
  });
const failed = (days: number, tenant = acme): RecordedEvent =>
  ago(days).make(signInFailed, {
    ...{ tenantId: tenant, data: {}, personal: { username: 'alice' }, context: { actor: 'anonymous' } },
  });

/** `size`: as if no more than this had been signed. */
const retention = (archive: Archive | undefined, size = Infinity): Retention => {
  const { database, events, logger } = writer.service.parts;
  const tree = new TreeReader(database);
  const reader = {
    signed: async (of: TenantId) => {
      const found = await tree.signed(of);
      return found && { ...found, size: Math.min(found.size, size) };
    },
  };
  return new Retention({ database, requester: on.requester, events, reader, logger, archive });
};
const epoch = (): number => writer.service.app.get(LogWriter).epochHeld ?? 0;
const round = (archive: Archive = new DirectoryArchive(directory)) => retention(archive).round(epoch());

interface Dropped {
  readonly index: number;
  readonly data: { readonly last: number; readonly archive: string | null; readonly sha256: string | null };
}

const own = () => on.entries().then((entries) => entries.filter((entry) => entry.tenant_id === acme));
/** Which of them the log holds. */
const held = async (events: readonly RecordedEvent[]) => {
  const ids = new Set((await on.entries()).map(({ id }) => id));
  return events.filter(({ id }) => ids.has(id));
};
const droppedEvents = async (): Promise<Dropped[]> =>
  (await own()).flatMap(({ index, leaf }) => {
    const { type, data } = JSON.parse(leaf.toString('utf8')) as { type: string; data: Dropped['data'] };
    return type === 'signet.audit.entries.dropped.v1' ? [{ index, data }] : [];
  });

async function signed(): Promise<Checkpoint> {
  await on.signed();
  const answer = await fetch(`${origin}/audit/v1/log/t/${slug()}/checkpoint`);
  const { key } = await on.requester.request(findLogKey, { tenantId: acme });
  const parsed = parseNoteKey(key);
  const opened = parsed && openCheckpoint(await answer.text(), parsed);
  if (!opened || !('checkpoint' in opened)) throw new Error(key);
  return opened.checkpoint;
}

const get = (rest: string) => fetch(`${origin}/audit/v1/${rest}`, { headers: { Authorization: `Bearer ${reader}` } });
const inLog = (rest: string) => get(`log/t/${slug()}/${rest}`);
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe('entries whose time is up', () => {
  it('are dropped, of their tenant and class alone, and the log says so', async () => {
    const globex = newId(tenantId);
    tenants.tenant(`g${globex.replaceAll('-', '')}`, globex);
    const setUp = ago(40).make(setupFinished, {
      ...{ tenantId: acme, data: {}, context: { actor: 'operator:setup' }, account: newId(accountId) },
    });
    const old = [failed(40), failed(35), failed(32)];
    const others = [failed(29), failed(0), setUp, failed(40, globex)];
    await on.recordAll([...old, ...others]);
    await signed();
    const indices = (await own()).filter(({ id }) => old.some((event) => event.id === id)).map(({ index }) => index);
    await round();
    expect(await held([...old, ...others])).toEqual(others);
    await signed();
    const [told, ...more] = await droppedEvents();
    expect(more).toEqual([]);
    expect(told?.data).toMatchObject({
      ...{ class: 'authentication', count: 3, first: Math.min(...indices), last: Math.max(...indices) },
      before: new Date(Math.floor(Date.now() / 86_400_000 - 30) * 86_400_000).toISOString(),
    });
    expect(told?.index).toBeGreaterThan(told?.data.last ?? Infinity);
    await round();
    await signed();
    expect(await droppedEvents()).toHaveLength(1);
  });

  it('leave their hashes, and every proof over what remains', async () => {
    const old = [failed(40), failed(35)];
    const young = failed(1);
    await on.recordAll([...old, young]);
    await signed();
    const before = await own();
    await round();
    const { size, root } = await signed();
    const answer = await inLog(`tile/entries/000.p/${size}`);
    const entries = parseBundle(await bytesOf(answer)) ?? [];
    const hashes = await bytesOf(await inLog(`tile/0/000.p/${size}`));
    for (const { index, leaf, id } of before) {
      expect(hashes.subarray(index * 32, index * 32 + 32)).toEqual(leafHash(leaf));
      expect(entries[index]).toHaveLength(old.some((event) => event.id === id) ? 0 : leaf.length);
    }
    const kept = before.find(({ id }) => id === young.id);
    const proof = await inLog(`proof/inclusion?event=${young.id}&size=${size}`);
    const { index, hashes: path } = (await proof.json()) as { index: number; hashes: string[] };
    const siblings = path.map((hash) => decodeBase64(hash) ?? new Uint8Array());
    expect(verifyInclusion({ index, size }, { leaf: leafHash(kept?.leaf ?? Buffer.alloc(0)), root }, siblings)).toBe(
      true,
    );
    expect((await inLog(`proof/inclusion?event=${old[0]?.id ?? ''}`)).status).toBe(404);
  });

  it('are archived first, byte for byte, their personal parts as they were sealed', async () => {
    const old = [failed(40), failed(35)];
    await on.recordAll(old);
    await signed();
    const before = await own();
    const sealed = await on.database.query<{ personal: Buffer }>(
      'select personal from audit.entry where tenant_id = $1 and personal is not null order by id',
      [acme],
    );
    await round();
    await signed();
    const [told] = await droppedEvents();
    const content = await readFile(path.join(directory, told?.data.archive ?? ''));
    expect(createHash('sha256').update(content).digest('hex')).toBe(told?.data.sha256);
    const lines = gunzipSync(content).toString('utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      old.map(({ id }, place) => {
        const entry = before.find((stored) => stored.id === id);
        return {
          ...{ index: entry?.index, leaf: entry?.leaf.toString('base64') },
          ...{ personal: sealed[place]?.personal.toString('base64'), personal_subject: expect.stringMatching(/^day:/) },
        };
      }),
    );
    expect(gunzipSync(content).toString('utf8')).not.toContain('alice');
  });

  it('are told as gone for good where there is no archive', async () => {
    await on.recordAll([failed(40)]);
    await signed();
    await retention(undefined).round(epoch());
    await signed();
    expect((await droppedEvents()).map(({ data }) => [data.archive, data.sha256])).toEqual([[null, null]]);
  });

  it('are passed over by an export', async () => {
    const young = failed(1);
    await on.recordAll([failed(40), young]);
    await signed();
    await round();
    const answer = await get(`export/t/${slug()}`);
    const size = Number(answer.headers.get('Signet-Log-Size'));
    const lines = (await answer.text()).trimEnd().split('\n');
    const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toContain(young.id);
    expect(ids).toEqual((await own()).filter(({ index }) => index < size).map(({ id }) => id));
  });
});

describe('nothing is dropped', () => {
  it('that no archive took, and what a broken-off round left is dropped by the next', async () => {
    const old = [failed(40)];
    await on.recordAll(old);
    await signed();
    const real = new DirectoryArchive(directory);
    const full: Archive = {
      keep: async (name, content) => {
        await real.keep(name, content);
        throw new Error('no space left on device');
      },
    };
    await round(full);
    expect(await held(old)).toEqual(old);
    await round();
    expect(await held(old)).toEqual([]);
    await signed();
    expect(await droppedEvents()).toHaveLength(1);
    expect(await readdir(path.join(directory, acme, 'authentication'))).toHaveLength(1);
  });

  it('by a writer that was overtaken', async () => {
    const old = [failed(40)];
    await on.recordAll(old);
    await signed();
    await expect(retention(undefined).round(epoch() - 1)).rejects.toThrow(Overtaken);
    expect(await held(old)).toEqual(old);
  });

  it('of a piece that another round has begun to drop', async () => {
    const old = [failed(40), failed(39)];
    await on.recordAll(old);
    await signed();
    const meanwhile: Archive = {
      keep: async (name) => {
        if (name.startsWith(acme)) await on.database.query('delete from audit.entry where id = $1', [old[0]?.id]);
      },
    };
    await round(meanwhile);
    expect(await held(old)).toEqual(old.slice(1));
    await signed();
    expect(await droppedEvents()).toEqual([]);
  });

  it('that no checkpoint covers', async () => {
    const old = [failed(40), failed(39)];
    await on.recordAll(old);
    await signed();
    const { index } = (await own()).find(({ id }) => id === old[1]?.id) ?? { index: 0 };
    await retention(undefined, index).round(epoch());
    expect(await held(old)).toEqual(old.slice(1));
  });
});

describe('an event that comes again after its entry was dropped', () => {
  it('is confirmed, and neither appended nor refused', async () => {
    const old = failed(40);
    await on.recordAll([old]);
    await signed();
    const entry = (await own()).find(({ id }) => id === old.id);
    await round();
    await on.recordForeign({
      ...{ id: old.id, subject: old.subject, aggregate: old.aggregate, version: 1 },
      ...{ leaf: entry?.leaf.toString('utf8') ?? '', ...(old.personal && { personal: old.personal }) },
    });
    // It knows what has come by it before.
    await on.wipeStream();
    await on.sendAgain();
    await until(async () => (await on.unconfirmed()).length === 0);
    await signed();
    expect(await held([old])).toEqual([]);
    const types = (await on.entries()).map(({ leaf }) => (JSON.parse(leaf.toString('utf8')) as { type: string }).type);
    expect(types).not.toContain('signet.audit.event.refused.v1');
  });
});
