import { describe, expect, it } from '@jest/globals';
import { networkKey } from './network-key.js';
import { RateLimits } from './rate-limits.js';

describe('RateLimits', () => {
  const make = () => {
    const clock = { now: 0 };
    const refused: string[] = [];
    const limits = new RateLimits(
      { network: { count: 3, seconds: 30 }, client: undefined, tenant: { count: 1, seconds: 1 } },
      () => clock.now,
      (bucket) => refused.push(bucket),
    );
    return { clock, limits, refused };
  };

  it('lets a bucketful through at once, then one as each is refilled', () => {
    const { clock, limits, refused } = make();
    const take = () => limits.take('network', 'a');
    expect([take(), take(), take()]).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(take()).toEqual({ ok: false, retryAfter: 10 });
    clock.now = 9_500;
    expect(take()).toEqual({ ok: false, retryAfter: 1 });
    clock.now = 10_000;
    expect(take()).toEqual({ ok: true });
    expect(take().ok).toBe(false);
    clock.now = 1_000_000;
    expect([take(), take(), take(), take()].map(({ ok }) => ok)).toEqual([true, true, true, false]);
    expect(refused).toHaveLength(4);
  });

  it('keeps keys and buckets apart, and lets all through where there is no rate', () => {
    const { limits } = make();
    expect(limits.take('tenant', 'a').ok).toBe(true);
    expect(limits.take('tenant', 'a').ok).toBe(false);
    expect(limits.take('tenant', 'b').ok).toBe(true);
    expect(limits.take('network', 'a').ok).toBe(true);
    for (let i = 0; i < 100; i++) expect(limits.take('client', 'a').ok).toBe(true);
  });
});

describe('networkKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['not an address', 'unknown'],
    ['', 'unknown'],
  ])('%s counts as %s', (ip, key) => {
    expect(networkKey(ip)).toBe(key);
  });
});
