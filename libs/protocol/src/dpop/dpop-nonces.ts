import { fromSeconds } from '../clock.js';
import type { Clock } from '../clock.js';
import type { Digests } from '../digests.js';
import type { KeyedMac } from '../keyed-mac.js';
import type { DpopNonces } from './dpop-proof.js';

/** Seconds. A nonce is good in the window that it was given out in and in the next. */
export const DPOP_NONCE_WINDOW = 150;

// RFC 9449 section 8.1: nonce = 1*NQCHAR.
const NONCE = /^([A-Za-z0-9_-]{1,64})\.(0|[1-9]\d{0,11})\.([A-Za-z0-9_-]{43})$/;

/**
 * `<mac key id>.<window>.<mac>`: nothing is stored, and every replica knows its peers' nonces by their MAC. `context`: whose
 * nonces, so that those of one tenant are none at another.
 */
export const dpopNonces = (
  context: string,
  deps: { readonly mac: KeyedMac; readonly digests: Digests; readonly clock: Clock },
): DpopNonces => {
  const { mac, digests, clock } = deps;
  const window = () => Math.floor(clock.now() / fromSeconds(DPOP_NONCE_WINDOW));
  const macOf = (keyId: string, head: string) => mac.compute(keyId, `dpop-nonce|${head}|${context}`);
  return {
    current: () => {
      const keyId = mac.currentKeyId();
      const head = `${keyId}.${window()}`;
      const code = macOf(keyId, head);
      if (code === undefined) throw new Error('the current DPoP nonce key is not in the keyring');
      return `${head}.${code}`;
    },
    accepts: (nonce) => {
      const [, keyId, number, code] = NONCE.exec(nonce) ?? [];
      if (keyId === undefined || number === undefined || code === undefined) return false;
      const expected = macOf(keyId, `${keyId}.${number}`);
      const age = window() - Number(number);
      // One window ahead: another replica's clock may have passed the boundary already.
      return expected !== undefined && digests.equal(expected, code) && age >= -1 && age <= 1;
    },
  };
};
