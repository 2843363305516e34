import { expect, it } from '@jest/globals';
import { crc32c } from './crc32c.js';

// RFC 3720 appendix B.4, and the usual check value.
it.each([
  ['32 zeroes', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 in order', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['nothing', Buffer.alloc(0), 0],
])('CRC-32C of %s', (_what, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum);
});
