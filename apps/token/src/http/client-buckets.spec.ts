import { describe, expect, it } from '@jest/globals';
import type { Client } from '@signet/protocol';
import { RateLimited, RateLimits } from '@signet/service';
import { aTenant } from '@signet/testing';
import { ClientBuckets } from './client-buckets.js';

const [acme, globex] = [aTenant(), aTenant()];
const shop = { clientId: 'shop', tokenEndpointAuthMethod: 'client_secret_basic' } as const;
const spa = { clientId: 'spa', tokenEndpointAuthMethod: 'none' } as const;

/** Buckets of two, and whether one lets a request through. */
function taking() {
  const rates = { network: undefined, client: { count: 2, seconds: 10 }, tenant: undefined };
  const buckets = new ClientBuckets(new RateLimits(rates, () => 0));
  return (client: Pick<Client, 'clientId' | 'tokenEndpointAuthMethod'>, { tenant = acme, ip = '192.0.2.1' } = {}) => {
    try {
      buckets.take({ tenant, network: { ip, userAgent: '' } }, client);
      return true;
    } catch (error) {
      if (error instanceof RateLimited) return false;
      throw error;
    }
  };
}

describe('ClientBuckets', () => {
  it('refuses a client that asks too often, from wherever', () => {
    const take = taking();
    const taken = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((ip) => take(shop, { ip }));
    expect(taken).toEqual([true, true, false]);
  });

  it('has one bucket for each client of each tenant', () => {
    const take = taking();
    const clients = [shop, { ...shop, clientId: 'other' }];
    const places = [acme, globex].flatMap((tenant) => clients.map((client) => ({ tenant, client })));
    for (const { tenant, client } of places) {
      expect([take(client, { tenant }), take(client, { tenant })]).toEqual([true, true]);
    }
    expect(take(shop, { tenant: globex })).toBe(false);
  });

  it('lets nobody empty the bucket of a public client from another network', () => {
    const take = taking();
    expect([take(spa), take(spa), take(spa)]).toEqual([true, true, false]);
    expect(take(spa, { ip: '198.51.100.1' })).toBe(true);
    expect(take(spa, { tenant: globex })).toBe(true);
  });
});
