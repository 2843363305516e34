import type { AgedEntry } from './retention-statements.js';

/**
 * An entry as it is archived, a line of JSON: its index, the bytes that the log hashed, and its personal part as it was stored, sealed under its
 * subject's key, so that nobody reads it once the subject is erased. base64.
 */
export const archivedLine = ({ index, leaf, personal, personalSubject }: AgedEntry): string =>
  `${JSON.stringify({
    index,
    leaf: base64(leaf),
    ...(personal && { personal: base64(personal), personal_subject: personalSubject }),
  })}\n`;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
