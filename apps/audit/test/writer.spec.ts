import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { envelope, signInFailed, type RecordedEvent } from '@signet/contracts';
import type { ReceivedEvent } from '@signet/messaging';
import { Appender, Overtaken } from '../src/log/appender.js';
import { LogWriter } from '../src/log/log-writer.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
beforeAll(async () => {
  on = await runAudit();
});
afterAll(() => on.stop());

const failed = (): RecordedEvent =>
  on.producer.parts.events.make(signInFailed, {
    tenantId: on.tenant,
    context: { actor: 'anonymous' },
    data: {},
    personal: { username: 'alice' },
  });

async function recordSome(count: number): Promise<string[]> {
  const events = Array.from({ length: count }, failed);
  await on.recordAll(events);
  return events.map(({ id }) => id);
}

const stored = async (ids: readonly string[]) => {
  const known = new Set((await on.entries()).map(({ id }) => id));
  return ids.every((id) => known.has(id));
};

interface Writer {
  epoch: string;
  holder: string | null;
}
const writer = async (): Promise<Writer> => {
  const [row] = await on.database.query<{ epoch: string; holder: string | null }>(
    'select epoch, holder from audit.writer',
  );
  if (!row) throw new Error('no row');
  return row;
};

async function expectWholeLog(): Promise<void> {
  const entries = await on.entries();
  expect(entries.map(({ ordinal }) => ordinal)).toEqual(entries.map((_, place) => place + 1));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
}

const isWriting = ({ service }: Replica): boolean => service.app.get(LogWriter).isWriting;

describe('two replicas of audit', () => {
  let replicas: Replica[];
  /** The one that writes, and the one that stands by. */
  const roles = async (): Promise<{ writing: Replica; standing: Replica }> => {
    await until(() => Promise.resolve(replicas.filter(isWriting).length === 1));
    const [writing, standing] = [replicas.find(isWriting), replicas.find((replica) => !isWriting(replica))];
    if (!writing || !standing) throw new Error('the roles changed');
    return { writing, standing };
  };

  beforeAll(async () => {
    replicas = [await on.startReplica(), await on.startReplica()];
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.stop();
  });

  it('have one writer', async () => {
    await roles();
    const before = await writer();
    const ids = await recordSome(30);
    await until(() => stored(ids));
    expect(await writer()).toEqual(before);
    await expectWholeLog();
  });

  it('go on with the other when the writer loses its database, and bear its return', async () => {
    const { writing, standing } = await roles();
    const before = await writer();
    await writing.postgres.close();
    const ids = await recordSome(30);
    await until(() => stored(ids));
    const after = await writer();
    expect(Number(after.epoch)).toBe(Number(before.epoch) + 1);
    expect(after.holder).not.toBe(before.holder);
    await writing.postgres.open();
    const more = await recordSome(30);
    await until(() => stored(more));
    expect((await roles()).writing === standing).toBe(true);
    await expectWholeLog();
  });

  it('bear a writer that was frozen in the middle, and thawed when another has its place', async () => {
    const { writing } = await roles();
    const before = await writer();
    writing.postgres.freeze();
    try {
      const ids = await recordSome(200);
      await until(() => stored(ids));
      expect((await writer()).holder).not.toBe(before.holder);
    } finally {
      writing.postgres.thaw();
    }
    const more = await recordSome(30);
    await until(() => stored(more));
    await expectWholeLog();
  });

  it('hand over when the writer is stopped, before its time is up', async () => {
    const { writing } = await roles();
    const before = await writer();
    await writing.stop();
    const ids = await recordSome(10);
    await until(() => stored(ids));
    expect(Number((await writer()).epoch)).toBe(Number(before.epoch) + 1);
    await until(async () => (await on.unconfirmed()).length === 0);
    await expectWholeLog();
  });
});

describe('a writer', () => {
  it('writes again after a turn in which it could not stop writing in order', async () => {
    const replica = await on.startReplica();
    await until(() => Promise.resolve(isWriting(replica)));
    const { consumer } = replica.service.app.get<{ consumer: { stop(): Promise<void> } }>(LogWriter);
    const stop = consumer.stop.bind(consumer);
    consumer.stop = async () => {
      await stop();
      throw new Error('the connection went meanwhile');
    };
    await replica.postgres.close();
    await until(() => Promise.resolve(!isWriting(replica)));
    await replica.postgres.open();
    const ids = await recordSome(10);
    await until(() => stored(ids));
    await expectWholeLog();
    await replica.stop();
  });
});

describe('an overtaken writer', () => {
  it('appends nothing under its old epoch', async () => {
    const replica = await on.startReplica();
    const { database, keyring, logger } = replica.service.parts;
    const event = failed();
    const received: ReceivedEvent = {
      ...{ id: event.id, subject: event.subject, leaf: Buffer.from('{}') },
      envelope: envelope.parse({ ...event.head, aggregateversion: 1 }),
      ...{ streamCreated: '2026-01-01T00:00:00Z', sequence: 1 },
    };
    const { epoch } = await writer();
    const appender = new Appender(database, keyring, logger, { tell: () => undefined });
    await expect(appender.append([received], Number(epoch) - 1)).rejects.toBeInstanceOf(Overtaken);
    expect(await stored([event.id])).toBe(false);
  });
});
