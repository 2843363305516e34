import { describe, expect, it } from '@jest/globals';
import { digests, NOW, refreshMac as mac, SECOND } from '../../test/fixtures.js';
import type { KeyedMac } from '../keyed-mac.js';
import { DPOP_NONCE_WINDOW, dpopNonces } from './dpop-nonces.js';

const at = (now: number, context = 'tenant-1', withMac: KeyedMac = mac) =>
  dpopNonces(context, { mac: withMac, digests, clock: { now: () => now } });
const window = DPOP_NONCE_WINDOW * SECOND;
const start = Math.ceil(NOW / window) * window;

describe('dpopNonces', () => {
  it('is good in its window and the next, to every replica', () => {
    const nonce = at(start).current();
    // RFC 9449 section 8.1
    expect(nonce).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(at(start).accepts(nonce)).toBe(true);
    expect(at(start + 2 * window - 1).accepts(nonce)).toBe(true);
    expect(at(start + 2 * window).accepts(nonce)).toBe(false);
  });

  it('hands out the next one before the last has ended', () => {
    const [first, second] = [at(start).current(), at(start + window).current()];
    expect(second).not.toBe(first);
    expect(at(start + window).accepts(first)).toBe(true);
    expect(at(start + window).accepts(second)).toBe(true);
  });

  it('forgives a replica whose clock is ahead by one window, and no more', () => {
    expect(at(start - 1).accepts(at(start).current())).toBe(true);
    expect(at(start - window - 1).accepts(at(start).current())).toBe(false);
  });

  it('takes those of an older key as long as it is in the keyring', () => {
    const older = { ...mac, currentKeyId: () => 'k1' };
    const gone = { ...mac, compute: (id: string, text: string) => (id === 'k1' ? undefined : mac.compute(id, text)) };
    const nonce = at(start, 'tenant-1', older).current();
    expect(at(start).accepts(nonce)).toBe(true);
    expect(at(start, 'tenant-1', gone).accepts(nonce)).toBe(false);
  });

  it('takes nothing but the text that we made for this tenant', () => {
    const nonce = at(start).current();
    const [key = '', number = '', code = ''] = nonce.split('.');
    expect(at(start, 'tenant-2').accepts(nonce)).toBe(false);
    for (const text of [
      '',
      `${nonce}.`,
      ` ${nonce}`,
      `${key}.${Number(number) + 1}.${code}`,
      `${key}.0${number}.${code}`,
      `k9.${number}.${code}`,
      `${key}.${number}.${'A'.repeat(43)}`,
    ])
      expect(at(start).accepts(text)).toBe(false);
  });
});
