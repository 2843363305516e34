import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registering } from './registering.js';

/** RFC 7591 section 5: an open registration is slowed. */
describe('registering too often', () => {
  let the: Registering;
  beforeAll(async () => {
    the = await Registering.start({ SIGNET_RATE_LIMITS: 'network=3/600' });
    await the.use({ mode: 'open' });
  });
  afterAll(() => the.stop());

  it('is 429 with the seconds to wait, and registers nothing', async () => {
    for (let i = 0; i < 3; i++) await the.client();
    const refused = await the.register();
    expect(refused).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const clients = await the.on.database.query('select from directory.client where tenant_id = $1', [the.at.tenant]);
    expect(clients).toHaveLength(3);
  });
});
