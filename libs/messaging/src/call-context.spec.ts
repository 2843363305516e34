import { describe, expect, it } from '@jest/globals';
import { callContext, callerSignal, runWithContext } from './call-context.js';

describe('runWithContext', () => {
  it('is seen through what is awaited, and by nobody else', async () => {
    const read = async (deadline: number) =>
      runWithContext({ deadline, traceparent: `trace ${deadline}` }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return callContext.getStore()?.traceparent;
      });
    expect(await Promise.all([read(1), read(2), read(3)])).toEqual(['trace 1', 'trace 2', 'trace 3']);
    expect(callContext.getStore()).toBeUndefined();
  });

  it('aborts at the deadline', async () => {
    const signal = runWithContext({ deadline: Date.now() }, () => callContext.getStore()?.signal);
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    expect(signal?.aborted).toBe(true);
  });

  it('aborts with its caller', () => {
    const caller = new AbortController();
    runWithContext({ deadline: Date.now() + 60_000, signal: caller.signal }, () => {
      const signal = callContext.getStore()?.signal;
      expect(callerSignal(callContext.getStore())).toBe(caller.signal);
      expect(signal?.aborted).toBe(false);
      caller.abort();
      expect(signal?.aborted).toBe(true);
    });
  });
});
