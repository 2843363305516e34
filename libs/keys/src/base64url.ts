const ALPHABET = /^[A-Za-z0-9_-]*$/;

export const encodeBase64url = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');

/**
 * RFC 4648 section 5 without padding, strictly: undefined for padding, another alphabet, white space, and for texts whose
 * last character has bits that are not used (section 3.5). Each byte string thus has one text, and Buffer's leniency
 * cannot make two texts mean the same.
 */
export const decodeBase64url = (text: string): Uint8Array | undefined => {
  if (!ALPHABET.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
};
