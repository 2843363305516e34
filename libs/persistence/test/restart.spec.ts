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
      database.run((tx) => tx.manager.query('select 1')),
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
    process.kill(server.pid, 'SIGSTOP');
    const opening = await Database.open({ url, service: 'owner' }).catch((error: unknown) => error);
    process.kill(server.pid, 'SIGCONT');
    expect(opening).toBeInstanceOf(DatabaseUnavailable);
    await until(() => database.healthy());
  });

  it.each(['statement', 'transaction'])(
    'gives up a backend that hangs in a %s, and does not use its connection again',
    async (kind) => {
      const single = await Database.open({ url, service: 'owner', poolSize: 1, background: false });
      const backend = (await single.first(pid, {}))?.pid ?? 0;
      const hung =
        kind === 'statement'
          ? single.execute(read, {})
          : single.run(async (tx) => {
              process.kill(backend, 'SIGSTOP');
              return tx.execute(read, {});
            });
      if (kind === 'statement') process.kill(backend, 'SIGSTOP');
      const result = await hung.catch((error: unknown) => error);
      expect(result).toBeInstanceOf(DatabaseUnavailable);
      expect((await single.first(pid, {}))?.pid).not.toBe(backend);
      process.kill(backend, 'SIGCONT');
      await single.close();
    },
  );
});
