/**
 * A status list of one bit each (draft-ietf-oauth-status-list section 4.1): the first is the lowest bit of the first byte. `invalid` are
 * the indices whose status is INVALID (section 7.1); all others are VALID. `size`: a multiple of eight.
 */
export const statusBits = (size: number, invalid: Iterable<number>): Uint8Array => {
  const bits = new Uint8Array(size / 8);
  for (const index of invalid) {
    if (index < 0 || index >= size) throw new RangeError(`no index of the list: ${index}`);
    const byte = index >> 3;
    bits[byte] = (bits[byte] ?? 0) | (1 << (index & 7));
  }
  return bits;
};
