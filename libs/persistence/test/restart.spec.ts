import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
// eslint-disable-next-line @nx/enforce-module-boundaries -- tools/ is plain Node, no project; @signet/testing builds on this library
import { startPostgres, type EmbeddedServer } from '../../../tools/services.mjs';
import { Database, DatabaseUnavailable, migrate, prepareDatabase, statement } from '../src/index.js';
import { anEvent, as, until } from './suite.js';

const read = statement<object, { version: number }>({
  name: 'owner.restart.read',
  text: 'select 1 as version',
  parameters: () => [],
  row: z.object({ version: z.int() }),
});

const pid = statement<object, { pid: number }>({
  name: 'owner.restart.pid',
  text: 'select pg_backend_pid() as pid',
  parameters: () => [],
  row: z.object({ pid: z.int() }),
});

let directory: string;
let url: string;
let server: EmbeddedServer;
let database: Database;

/** Where Postgres is away, everything says so; where it is back, everything works again without a hand. */
describe('a restart of Postgres', () => {
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'signet-restart-'));
    server = await startPostgres({ directory: path.join(directory, 'cluster'), password: 'restart' });
    await prepareDatabase({ adminUrl: server.url, services: [{ name: 'owner', password: 'restart' }] });
    url = as(server.url, 'signet_owner', 'restart');
    await migrate({ url, service: 'owner', migrations: [] });
    database = await Database.open({ url, service: 'owner' });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = () =>
    startPostgres({ directory: path.join(directory, 'cluster'), password: 'restart', port: server.port });
  const everything = () =>
    Promise.allSettled([
      ...Array.from({ length: 8 }, () => database.execute(read, {})),
      database.run((tx) => tx.execute(read, {})),
      database.runWithEntities((tx) => tx.manager.query('select 1')),
      database.record(anEvent()),
      database.outbox.next(1),
      database.maintainPartitions('outbox', { unit: 'day', ahead: 2, keep: 'until-empty' }),
      database.pollClock(),
    ]);

  it.each(['stopped', 'killed'] as const)(
    'heals after it was %s, lease and what was recorded included',
    async (how) => {
      const event = anEvent();
      await database.record(event);
      const lease = await database.outbox.lease();
      expect((await everything()).map((result) => result.status)).not.toContain('rejected');

      if (how === 'stopped') await server.stop();
      else await server.kill();
      const away = await everything();
      for (const result of away)
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailable) as unknown });
      expect(lease.lost.aborted).toBe(true);
      await expect(database.healthy()).resolves.toBe(false);

      const stop = new AbortController();
      const releasing = database.outbox.lease(stop.signal);
      server = await start();
      await until(() => database.healthy());
      for (let round = 0; round < 3; round++) {
        expect((await everything()).filter((result) => result.status === 'rejected')).toEqual([]);
      }
      const again = await releasing;
      expect(again.lost.aborted).toBe(false);
      await again.release();
      expect((await database.outbox.next(1_000)).map((row) => row.id)).toContain(event.id);
      expect(database.now()).toBeGreaterThan(0);
    },
  );

  it('gives up a server that accepts connections and does not answer, and heals', async () => {
    const opening = await whileStopped(server.pid, () => Database.open({ url, service: 'owner' }));
    expect(opening).toBeInstanceOf(DatabaseUnavailable);
    await until(() => database.healthy());
  });

  it('gives up a backend that hangs in a statement, and does not use its connection again', async () => {
    const single = await Database.open({ url, service: 'owner', poolSize: 1, background: false });
    const backend = (await single.first(pid, {}))?.pid ?? 0;
    const result = await whileStopped(backend, () => single.execute(read, {}));
    expect(result).toBeInstanceOf(DatabaseUnavailable);
    expect((await single.first(pid, {}))?.pid).not.toBe(backend);
    await single.close();
  });

  it('gives up a backend that hangs in a transaction, and does not use its connection again', async () => {
    const single = await Database.open({ url, service: 'owner', poolSize: 1, background: false });
    const backend = (await single.first(pid, {}))?.pid ?? 0;
    const run = single.run(async (tx) => {
      const error = await whileStopped(backend, () => tx.execute(read, {}));
      throw error as Error;
    });
    const result = await run.catch(failure);
    expect(result).toBeInstanceOf(DatabaseUnavailable);
    expect((await single.first(pid, {}))?.pid).not.toBe(backend);
    await single.close();
  });
});

const failure = (error: unknown) => error;

/** What `work` fails with, or gives, while the process does nothing; the process goes on whatever becomes of it. */
async function whileStopped(id: number, work: () => Promise<unknown>): Promise<unknown> {
  process.kill(id, 'SIGSTOP');
  try {
    return await work().catch(failure);
  } finally {
    process.kill(id, 'SIGCONT');
  }
}
