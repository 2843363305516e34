import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { findLogKey, newId, signInFailed, tenantId, type TenantId } from '@signet/contracts';
import { OutboundFetch } from '@signet/service';
import { openCheckpoint, parseNoteKey, type NoteKey } from '@signet/tlog';
import { TreeReader } from '../src/tree/tree-reader.js';
import { Witnessing } from '../src/witnesses/witnessing.js';
import { AuditedTenants } from './audited-tenants.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';
import { TestWitness, type WitnessReply } from './witness.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let configured: TestWitness;
let replica: Replica;
let origin: string;
let key: NoteKey;

const log = (path: string) => fetch(`${origin}/audit/v1/log/${path}`);
const opened = async (path: string, ...witnesses: readonly TestWitness[]) => {
  const opening = openCheckpoint(
    await (await log(path)).text(),
    key,
    witnesses.map((witness) => witness.key),
  );
  if (!('checkpoint' in opening)) throw new Error(opening.fault);
  return { size: opening.checkpoint.size, by: opening.verified.slice(1).map((one) => one.key.name) };
};

async function keyOf(of: TenantId): Promise<NoteKey> {
  const found = parseNoteKey((await on.requester.request(findLogKey, { tenantId: of })).key);
  if (!found) throw new Error('no key');
  return found;
}

const failed = (of: TenantId) =>
  on.producer.parts.events.make(signInFailed, {
    ...{ tenantId: of, data: {}, personal: { username: 'alice' }, context: { actor: 'anonymous' } },
  });

/** Another event, which is signed. */
async function grow(...others: readonly TenantId[]): Promise<number> {
  await on.recordAll([on.tenant, ...others].map(failed));
  await on.signed();
  return (await opened('checkpoint')).size;
}

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  configured = await TestWitness.start('witness.example/configured');
  replica = await on.startReplica({
    SIGNET_AUDIT_WITNESSES: JSON.stringify([configured.setting]),
    SIGNET_OUTBOUND_ALLOW: configured.origin,
  });
  origin = await tenants.at(replica);
  await on.recordAll([failed(on.tenant)]);
  await until(async () => (await log('checkpoint')).status === 200);
  key = await keyOf(on.tenant);
});
afterAll(async () => {
  await tenants.stop();
  await on.stop();
  await configured.stop();
});

const met: TestWitness[] = [];
afterEach(async () => {
  for (const witness of met.splice(0)) await witness.stop();
});

/** A witness that the log has not met, and the side of the log that asks it. */
async function meeting(name: string, { knows = true, deadline = 5_000 } = {}) {
  const witness = await TestWitness.start(name);
  met.push(witness);
  if (knows) witness.know(key);
  const { database, logger } = replica.service.parts;
  const fetch = new OutboundFetch({ allow: [witness.origin], deadline });
  const side = (now?: () => number) =>
    new Witnessing(
      { key: witness.key, url: `${witness.origin}/w` },
      { database, reader: new TreeReader(database), fetch, logger, ...(now && { now }) },
    );
  return { witness, side };
}

describe('a configured witness', () => {
  it('cosigns what the log has grown to, which is served with the checkpoint', async () => {
    configured.know(key);
    const size = await grow();
    // It was asked before it knew the log, and a log that it does not take is left alone for a minute.
    await replica.stop();
    replica = await on.startReplica({
      SIGNET_AUDIT_WITNESSES: JSON.stringify([configured.setting]),
      SIGNET_OUTBOUND_ALLOW: configured.origin,
    });
    origin = await tenants.at(replica);
    await until(async () => (await log('checkpoint.witnessed')).status === 200);
    await until(async () => (await opened('checkpoint.witnessed', configured)).size === size);
    const cosigned = await opened('checkpoint.witnessed', configured);
    expect(cosigned).toEqual({ size, by: ['witness.example/configured'] });
    expect(await opened('checkpoint', configured)).toEqual(cosigned);
    const asked = configured.requests.length;
    const next = await grow();
    await until(async () => (await opened('checkpoint.witnessed', configured)).size === next);
    // By a proof from what it had seen, at once.
    expect(configured.requests[asked]).toEqual({ oldSize: size, status: 200 });
  });
});

describe('a witness', () => {
  it('stands beside others on one checkpoint, and a later one begins with its own', async () => {
    const [one, two] = [await meeting('witness.example/one'), await meeting('witness.example/two')];
    configured.instead = () => 'hang';
    try {
      const size = await grow();
      await one.side().round();
      await two.side().round();
      const both = await opened('checkpoint.witnessed', one.witness, two.witness);
      expect(both).toEqual({ size, by: ['witness.example/one', 'witness.example/two'] });
      const next = await grow();
      expect((await opened('checkpoint')).size).toBe(next);
      expect((await opened('checkpoint.witnessed', one.witness)).size).toBe(size);
      await two.side().round();
      expect(await opened('checkpoint.witnessed', one.witness, two.witness)).toEqual({
        ...{ size: next, by: ['witness.example/two'] },
      });
    } finally {
      configured.instead = undefined;
    }
  });

  it('that has seen another size says so, and gets a proof from there', async () => {
    const { witness, side } = await meeting('witness.example/forgetful');
    await grow();
    await side().round();
    // The position is lost with the row.
    await on.database.query('delete from audit.witness_position where witness like $1', [`${witness.name}+%`]);
    await grow();
    await side().round();
    expect(witness.requests.map(({ status }) => status)).toEqual([200, 409, 200]);
  });

  it('that has seen more than the log has is not given a cosignature to keep', async () => {
    const { witness, side } = await meeting('witness.example/ahead');
    const size = await grow();
    witness.instead = () => ({ status: 409, type: 'text/x.tlog.size', body: `${size + 100}\n` });
    const told = jest.spyOn(replica.service.parts.logger, 'error');
    await side().round();
    expect(told.mock.calls.map(([name]) => name)).toEqual(['witness.conflict']);
    told.mockRestore();
    expect(witness.requests).toHaveLength(1);
    expect((await opened('checkpoint.witnessed', witness).catch(() => ({ by: [] }))).by).toEqual([]);
  });

  it.each<[string, (honest: WitnessReply, witness: TestWitness) => WitnessReply]>([
    ['garbage', () => ({ status: 200, body: '<html>' })],
    ['nothing', () => ({ status: 200, body: '' })],
    ['a cosignature of something else', (_, witness) => ({ status: 200, body: witness.cosign('other\n1\nx\n') })],
    [
      'a cosignature with one character changed',
      ({ status, body = '' }) => ({
        status,
        body: `${body.slice(0, -20)}${body.at(-20) === 'A' ? 'B' : 'A'}${body.slice(-19)}`,
      }),
    ],
    ['a line of another key', ({ status, body = '' }) => ({ status, body: body.replace('strange', 'stranger') })],
    ['a conflict without a size', () => ({ status: 409, body: '1\n' })],
    ['a conflict with itself', () => ({ status: 409, type: 'text/x.tlog.size', body: '0\n' })],
    ['a redirect', () => ({ status: 302 })],
    ['too much', () => ({ status: 200, body: 'x'.repeat(100_000) })],
    ['a failure', () => ({ status: 500 })],
    ['a refusal', () => ({ status: 422 })],
  ])('that answers %s has cosigned nothing', async (_, reply) => {
    const { witness, side } = await meeting('witness.example/strange');
    witness.instead = (honest) => reply(honest, witness);
    await grow();
    await side().round();
    const [position] = await on.database.query('select size from audit.witness_position where witness like $1', [
      'witness.example/strange+%',
    ]);
    expect(position).toBeUndefined();
    expect(await (await log('checkpoint.witnessed')).text()).not.toContain('strange');
    expect(witness.requests).toHaveLength(1);
  });

  it('that does not know the log, or is away, is left alone for a while, and the log grows on', async () => {
    const { witness, side } = await meeting('witness.example/stranger', { knows: false, deadline: 200 });
    const refused = side();
    await grow();
    await refused.round();
    await refused.round();
    expect(witness.requests).toEqual([{ oldSize: 0, status: 404 }]);
    witness.instead = () => 'hang';
    const away = side();
    await away.round();
    const before = (await opened('checkpoint')).size;
    expect(await grow()).toBeGreaterThan(before);
    await away.round();
    expect(witness.requests).toHaveLength(1);
  });

  it('that fails at four logs at once is away once, and a fifth log comes before them then', async () => {
    const { witness, side } = await meeting('witness.example/failing');
    const others = ['one', 'two', 'three', 'four'].map((slug) => ({ slug, id: newId(tenantId) }));
    for (const { slug, id } of others) tenants.tenant(slug, id);
    await grow(...others.map(({ id }) => id));
    for (const { id } of others) witness.know(await keyOf(id));
    const failsAt = new Set<string>();
    const cosigned = new Set<string>();
    witness.instead = (honest, body) => {
      const origin = body.slice(body.indexOf('\n\n') + 2).split('\n', 1)[0] ?? '';
      if (failsAt.size < 4) failsAt.add(origin);
      if (failsAt.has(origin)) return { status: 500 };
      cosigned.add(origin);
      return honest;
    };
    let now = 0;
    const asking = side(() => now);
    await asking.round();
    await asking.round();
    expect(witness.requests.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    now += 1_001;
    await asking.round();
    expect(witness.requests.map(({ status }) => status)).toEqual([500, 500, 500, 500, 200]);
    expect(cosigned.size).toBe(1);
    now += 1_001;
    await asking.round();
    expect(witness.requests).toHaveLength(9);
  });
});
