import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { declareOrigin, UnfitServer, type PersistenceLogger } from '../src/index.js';
import { suite, type Suite } from './suite.js';

const made: Suite[] = [];
let owner: Suite;
beforeEach(async () => {
  owner = await suite();
  made.push(owner);
});
afterAll(async () => {
  for (const each of made) await each.drop();
});

/** As pg_restore leaves it: the row is that of the dump, the table another. */
const restoreDump = () => owner.admin.query('update origin set relation = 1');
const open = (logger?: PersistenceLogger) => owner.open({ migrations: [], ...(logger && { logger }) });

async function declare(restored: boolean): Promise<void> {
  const database = await owner.open({ migrations: [], restored: 'expected' });
  await database.execute(declareOrigin, { restored });
  await database.close();
}

describe('a database that was restored', () => {
  it('from a dump is refused until that is declared, and then known with its time', async () => {
    await restoreDump();
    await expect(open()).rejects.toThrow(UnfitServer);
    await expect(open()).rejects.toThrow('signet database restored');
    await declare(true);
    const database = await open();
    expect(database.origin).toMatchObject({ copied: false, branched: false });
    expect(database.origin?.restoredAt).toBeLessThanOrEqual(database.now());
    await database.close();
  });

  it('is one that nothing was lost of, where that is said', async () => {
    await restoreDump();
    await declare(false);
    const database = await open();
    expect(database.origin).toEqual({ copied: false, branched: false, restoredAt: undefined });
    await database.close();
  });

  it('to a point in time looks like a failover, of which the log is told', async () => {
    await owner.admin.query('update origin set timeline = timeline + 1');
    const told: string[] = [];
    const logger = { info: () => undefined, warn: (_: object, event: string) => told.push(event) };
    const database = await open(logger);
    await database.close();
    expect(told).toEqual(['database_timeline_changed']);
  });
});

it('a database that was never restored opens without a word, as its copy in the same server does', async () => {
  const told: string[] = [];
  const logger = { info: () => undefined, warn: (_: object, event: string) => told.push(event) };
  const database = await open(logger);
  expect(database.origin).toEqual({ copied: false, branched: false, restoredAt: undefined });
  await database.close();
  expect(told).toEqual([]);
});
