import type { Digests } from './digests.js';

// RFC 7636 section 4.1 and 4.2: 43*128unreserved
const UNRESERVED = /^[A-Za-z0-9\-._~]{43,128}$/;

/** Of S256, the only method: RFC 7636 section 4.2 gives 32 bytes in base64url. */
export const isCodeChallenge = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

export const isCodeVerifier = (text: string): boolean => UNRESERVED.test(text);

/** RFC 7636 section 4.2: BASE64URL-ENCODE(SHA256(ASCII(code_verifier))). */
export const challengeOf = (codeVerifier: string, digests: Digests): string => digests.sha256(codeVerifier);
