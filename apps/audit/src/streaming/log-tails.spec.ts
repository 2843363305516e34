import { describe, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import type { LogRange, RangeRow } from '../reading/log-range.js';
import { TypeFilter } from '../reading/type-filter.js';
import { LogTails } from './log-tails.js';

const tenant = newId(tenantId);
const all = new TypeFilter([]);

/** A log that another replica appends to. */
class Log {
  size = 100;
  first = () => Promise.resolve({ tenantId: tenant, size: this.size });
  execute = (_statement: unknown, { from, upTo, limit }: LogRange) =>
    Promise.resolve(
      Array.from({ length: Math.min(upTo - from, limit) }, (_, at): RangeRow => {
        const index = from + at;
        return {
          ...{ tenantId: tenant, index, id: String(index), type: 'signet.a.b.c.v1', aggregate: 'a:1' },
          ...{ leaf: Buffer.from('{}'), personal: null, personalSubject: null },
        };
      }),
    );
}

describe('LogTails', () => {
  it('gives who comes between two looks what was appended meanwhile, and wakes the others', async () => {
    const log = new Log();
    const tails = new LogTails(log as unknown as ConstructorParameters<typeof LogTails>[0], { warn: () => undefined });
    let woken = 0;
    const early = await tails.follow(tenant, () => (woken += 1));
    log.size = 105;
    const late = await tails.follow(tenant, () => undefined);
    for (const following of [early, late]) {
      expect(following.size).toBe(105);
      const { rows, next } = await following.take(100, all, 64);
      expect([rows.map(({ index }) => index), next]).toEqual([[100, 101, 102, 103, 104], 105]);
    }
    expect(woken).toBe(1);
    expect((await late.take(107, all, 64)).next).toBe(107);
  });
});
