import type { Digests } from '../digests.js';
import type { Random } from '../random.js';

/** RFC 8628 section 6.1: letters that a person reads aloud and types without a mistake; without vowels, no word comes of them. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
/** 20^8 codes: 34.5 bits, which live for minutes and are guessed within a limit. */
const LENGTH = 8;
// Not by `i`, nor in capitals first: letters of other alphabets become ours there.
const USER_CODE = new RegExp(`^[${LETTERS}${LETTERS.toLowerCase()}]{${LENGTH}}$`);

/** Eight letters, each as likely as any other. */
export const newUserCode = (random: Random): string => {
  let code = '';
  while (code.length < LENGTH) {
    for (const byte of random.bytes(LENGTH * 2)) {
      // Above the last multiple of 20 that a byte holds, some letters would come more often.
      if (byte < 240 && code.length < LENGTH) code += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return code;
};

/** As a person is shown it: `WDJB-MJHT`. */
export const formatUserCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;

/**
 * RFC 8628 section 6.1: what a person typed, in capitals and without the punctuation that was for reading. Undefined for
 * what no code can be.
 */
export const parseUserCode = (typed: string): string | undefined => {
  const code = typed.replaceAll(/[\s\-‐-―_.]/gu, '');
  return USER_CODE.test(code) ? code.toUpperCase() : undefined;
};

/** What is stored, and what services tell each other: never the code. The tenant is in it, so one code is two at two tenants. */
export const userCodeHash = (code: string, tenantId: string, digests: Digests): string =>
  digests.sha256(`user_code|${tenantId}|${code}`);
