import { z } from 'zod';
import { tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { digest } from '../text.js';

/** Crockford's base 32: nothing that is read or typed for something else. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groups = 4;
const groupLength = 5;

/** A set-up code as it is shown, of 20 random bytes: 100 bits, in four groups. */
export function formatSetupCode(random: Uint8Array): string {
  const characters = Array.from(random.subarray(0, groups * groupLength), (byte) => alphabet[byte % 32]).join('');
  return (characters.match(/.{5}/g) ?? []).join('-');
}

/** What was typed, as it was shown; undefined for what no set-up code can be. */
export function parseSetupCode(typed: string): string | undefined {
  const characters = typed.slice(0, 100).toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{20}$/.test(characters)) return undefined;
  return (characters.match(/.{5}/g) ?? []).join('-');
}

/** Seconds for which a set-up code may be used. */
export const setupCodeLifetime = 86_400;

/**
 * Makes the code whose hash this is the one that may make the tenant's first administrator, at /setup; an earlier one is good no more.
 * `unlessOpen`: not where one is still good. `administered`: somebody has the role already.
 */
export const openSetup = request('authn', 'setup', 'open', {
  request: z.strictObject({ tenantId, hash: digest, unlessOpen: z.boolean() }),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('opened'), expiresAt: micros }),
    z.object({ outcome: z.literal('standing'), expiresAt: micros }),
    z.object({ outcome: z.literal('administered') }),
  ]),
});
