import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { dpopNonces, parseRefreshToken } from '@signet/protocol';
import { digests } from './hashes.js';
import { keyringFileSchema, loadKeyring, purposes } from './keyring.js';
import { keyedMac, mac, refreshMac } from './mac.js';
import { openText } from './seal.js';

interface Forms {
  readonly keyring: unknown;
  readonly place: readonly [string, ...string[]];
  readonly sealed: Readonly<Record<(typeof purposes)[number], string>>;
  readonly refreshToken: string;
  readonly dpopNonce: string;
  readonly networkMac: string;
}

/** Made by 0.1.0, and never made again: what a release has written, every later one reads. */
const released = JSON.parse(readFileSync(new URL('./released-forms.json', import.meta.url), 'utf8')) as Forms;
const keyring = loadKeyring(released.keyring);
const [tenantId] = released.place;

describe('what a release has written', () => {
  it('is opened, whatever the purpose of its key', () => {
    const opened = Object.entries(released.sealed).map(([purpose, sealed]) => [
      purpose,
      Buffer.from(openText(keyring, purpose as (typeof purposes)[number], sealed, released.place) ?? '').toString(),
    ]);
    expect(opened).toEqual(Object.keys(released.sealed).map((purpose) => [purpose, `of ${purpose}`]));
    expect(purposes).toEqual(expect.arrayContaining(Object.keys(released.sealed)));
  });

  it('is a keyring that its owner can change', () => {
    expect(keyringFileSchema.safeParse(released.keyring).success).toBe(true);
  });

  it('is a refresh token', () => {
    expect(parseRefreshToken(released.refreshToken, tenantId, refreshMac(keyring), digests)).toEqual({
      ...{ epoch: 2, family: '0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b', generation: 3 },
    });
  });

  it('is a nonce for DPoP proofs', () => {
    const clock = { now: () => 1_795_694_400_000_000 };
    const nonces = dpopNonces(tenantId, { mac: keyedMac(keyring, 'dpop'), digests, clock });
    expect(nonces.accepts(released.dpopNonce)).toBe(true);
  });

  it('is the MAC of an address, by which the log is asked', () => {
    expect(mac(keyring, 'network', 'k-network', 'message')).toBe(released.networkMac);
  });
});
