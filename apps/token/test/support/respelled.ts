const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Other texts of the same bytes, as a lenient decoder of base64url reads them (RFC 4648 section 3.5): each long part with
 * an unused bit of its last character set, and the whole padded.
 */
export function respelled(text: string): string[] {
  const others = [...text.matchAll(/[\w-]{20,}/g)].flatMap(({ 0: part, index }) => {
    const last = ALPHABET[ALPHABET.indexOf(part.slice(-1)) + 1] ?? '';
    const other = part.slice(0, -1) + last;
    const same = Buffer.from(other, 'base64url').equals(Buffer.from(part, 'base64url'));
    return same ? [text.slice(0, index) + other + text.slice(index + part.length)] : [];
  });
  return [...others, `${text}=`, `${text}==`];
}
