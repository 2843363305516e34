import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const iterations = 4096;

/** What Postgres stores of a password (RFC 5803; src/common/scram-common.c), so that the password need not be sent. */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
  // RFC 5802 section 2.2 asks for SASLprep, which is NFKC for what passwords hold.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
