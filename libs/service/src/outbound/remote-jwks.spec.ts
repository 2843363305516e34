import { describe, expect, it } from '@jest/globals';
import type { OutboundResult } from './outbound-fetch.js';
import { RemoteJwks } from './remote-jwks.js';

const uri = 'https://client.example/jwks';
const minutes = 60_000;

/** A site whose set is named by the kid of its one key; `undefined` is a site that is away. */
function site(most?: number) {
  const state = { kid: 'first' as string | undefined, now: 0, fetched: [] as string[], faults: [] as string[] };
  const answer = (): OutboundResult<string> =>
    state.kid === undefined
      ? { ok: false, fault: 'unreachable' }
      : {
          ok: true,
          contentType: 'application/json',
          body: state.kid === 'broken' ? '{' : JSON.stringify({ keys: [{ kty: 'EC', kid: state.kid }] }),
        };
  const remote = new RemoteJwks({
    fetch: (asked) => {
      state.fetched.push(asked);
      return Promise.resolve(answer());
    },
    monotonic: () => state.now,
    onFault: (_uri, fault) => state.faults.push(fault),
    ...(most !== undefined && { most }),
  });
  const get = async (at = uri) => (await remote.get(at))?.keys[0]?.kid;
  const getAnew = async (at = uri) => (await remote.getAnew(at))?.keys[0]?.kid;
  return { state, remote, get, getAnew };
}

describe('RemoteJwks', () => {
  it('fetches a set once in ten minutes', async () => {
    const { state, get } = site();
    expect([await get(), await get()]).toEqual(['first', 'first']);
    state.now = 10 * minutes - 1;
    state.kid = 'second';
    expect(await get()).toBe('first');
    expect(state.fetched).toHaveLength(1);
    state.now = 10 * minutes;
    expect(await get()).toBe('second');
    expect(state.fetched).toHaveLength(2);
  });

  // RFC 7517 section 5: keys out of the ranges that are supported are ignored, and the set is not.
  it('has the set of a site that has a key of 8192 bits too', async () => {
    const keys = [
      { kty: 'RSA', kid: 'long', e: 'AQAB', n: 'A'.repeat(1366) },
      { kty: 'EC', kid: 'first' },
    ];
    const remote = new RemoteJwks({
      fetch: () => Promise.resolve({ ok: true, contentType: 'application/json', body: JSON.stringify({ keys }) }),
      monotonic: () => 0,
      onFault: (_uri, fault) => {
        throw new Error(fault);
      },
    });
    expect(await remote.get(uri)).toEqual({ keys });
  });

  it('shares one fetch among all who wait', async () => {
    const { state, get, getAnew } = site();
    expect(await Promise.all([get(), get(), getAnew(), get()])).toEqual(['first', 'first', 'first', 'first']);
    expect(state.fetched).toHaveLength(1);
  });

  it('serves an hour while the site is away, and tries again after a pause', async () => {
    const { state, get } = site();
    await get();
    state.kid = undefined;
    state.now = 10 * minutes;
    expect(await get()).toBe('first');
    state.now += 4_999;
    expect(await get()).toBe('first');
    expect(state.fetched).toHaveLength(2);
    state.now = 60 * minutes - 1;
    expect(await get()).toBe('first');
    state.now = 60 * minutes;
    expect(await get()).toBeUndefined();
    state.now += 5_000;
    state.kid = 'second';
    expect(await get()).toBe('second');
    expect(state.faults).toEqual(['unreachable', 'unreachable']);
  });

  it('never fetched, asks a failing site once in a pause', async () => {
    const { state, get, getAnew } = site();
    state.kid = undefined;
    expect([await get(), await get(), await getAnew()]).toEqual([undefined, undefined, undefined]);
    expect(state.fetched).toHaveLength(1);
    state.now = 5_000;
    state.kid = 'first';
    expect(await get()).toBe('first');
  });

  it('fetches anew for an unknown key, at once and then at most every 30 seconds', async () => {
    const { state, get, getAnew } = site();
    await get();
    state.kid = 'second';
    expect(await Promise.all([getAnew(), getAnew()])).toEqual(['second', 'second']);
    state.kid = 'third';
    state.now = 29_999;
    expect(await getAnew()).toBeUndefined();
    expect(await get()).toBe('second');
    expect(state.fetched).toHaveLength(2);
    state.now = 30_000;
    expect(await getAnew()).toBe('third');
    expect(await get()).toBe('third');
    expect(state.fetched).toHaveLength(3);
  });

  it('an unknown key while the site is away costs one try in 30 seconds, and not the set', async () => {
    const { state, get, getAnew } = site();
    await get();
    state.kid = undefined;
    state.now = 30_000;
    expect([await getAnew(), await getAnew()]).toEqual([undefined, undefined]);
    expect(state.fetched).toHaveLength(2);
    expect(await get()).toBe('first');
  });

  it('a set that cannot be read is none, and takes the place of none', async () => {
    const { state, get } = site();
    await get();
    state.kid = 'broken';
    state.now = 10 * minutes;
    expect(await get()).toBe('first');
    expect(state.faults).toEqual(['malformed']);
  });

  it('forgets what was used longest ago', async () => {
    const { state, get } = site(2);
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await get(name);
    expect(state.fetched).toEqual(['a', 'b', 'c', 'b']);
  });
});
