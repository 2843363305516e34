import { describe, expect, it } from '@jest/globals';
import { MeshError, type Requester } from '@signet/messaging';
import { follow } from './events-tail.js';

interface Asked {
  readonly after: { readonly ordinal: number };
}

/** A log of so many entries, which answers three at a time and is away now and then. */
class Log {
  asked = 0;

  constructor(private readonly size: number) {}

  readonly requester = {
    request: (_: unknown, { after: { ordinal } }: Asked) => {
      this.asked += 1;
      if (this.asked === 2) return Promise.reject(new MeshError('unavailable', 'away'));
      const next = Math.min(ordinal + 3, this.size);
      const entries = Array.from({ length: Math.max(0, next - ordinal) }, (_entry, at) => ({
        ordinal: ordinal + at + 1,
      }));
      return Promise.resolve({ entries, next: Math.max(ordinal, next), more: next < this.size });
    },
  } as unknown as Pick<Requester, 'request'>;
}

describe('following the log', () => {
  it('tells each entry once, in its order, though audit is away meanwhile', async () => {
    const [log, ended] = [new Log(10), new AbortController()];
    const seen: number[] = [];
    for await (const { ordinal } of follow(log.requester, 2, 'signet.events.v1.>', ended.signal)) {
      seen.push(ordinal);
      if (ordinal === 10) ended.abort();
    }
    expect(seen).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('passes on what is no outage', async () => {
    const requester = {
      request: () => Promise.reject(new MeshError('permission_denied', 'no')),
    } as unknown as Requester;
    const first = follow(requester, 0, 'signet.events.v1.>', new AbortController().signal).next();
    await expect(first).rejects.toThrow('no');
  });
});
