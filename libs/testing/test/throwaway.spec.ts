import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { throwawayNats, type ThrowawayServer } from '../../../tools/throwaway.mjs';

describe('x', () => {
  let nats: ThrowawayServer;
  beforeAll(async () => {
    nats = await throwawayNats();
  });
  afterAll(async () => {
    await nats.stop();
  });
  it('y', async () => {
    const c = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
    await c.connect();
    expect((await c.query('select 1 as x')).rows).toEqual([{ x: 1 }]);
    await c.end();
    expect(nats.running()).toBe(true);
  });
});
