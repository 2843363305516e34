import { describe, expect, it } from '@jest/globals';
import { RateLimited, RateLimits } from '@signet/service';
import { ClientBuckets } from './client-buckets.js';

describe('ClientBuckets', () => {
  const limits = () =>
    new RateLimits({ network: undefined, client: { count: 2, seconds: 10 }, tenant: undefined }, () => 0);
  const [acme, globex] = [{ id: 'acme' }, { id: 'globex' }] as never[] as [never, never];
  const shop = { clientId: 'shop' };

  it('refuses a client that asks too often, and says when to come back', () => {
    const buckets = new ClientBuckets(limits());
    buckets.take(acme, shop);
    buckets.take(acme, shop);
    expect(() => {
      buckets.take(acme, shop);
    }).toThrow(RateLimited);
  });

  it('has one bucket for each client of each tenant', () => {
    const buckets = new ClientBuckets(limits());
    for (const tenant of [acme, globex]) {
      for (const clientId of ['shop', 'spa']) {
        buckets.take(tenant, { clientId });
        buckets.take(tenant, { clientId });
      }
    }
    expect(() => {
      buckets.take(globex, shop);
    }).toThrow(RateLimited);
  });
});
