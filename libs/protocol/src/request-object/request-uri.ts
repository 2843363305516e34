import type { Digests } from '../digests.js';
import { formatAuthorizationCode, parseAuthorizationCode } from '../token-endpoint/authorization-code.js';
import type { AuthorizationCode } from '../token-endpoint/authorization-code.js';
import type { PushedReference } from './request-objects.js';

/** RFC 9126 section 2.2. */
const PUSHED = 'urn:ietf:params:oauth:request_uri:';

/** The reference to a pushed request: made as a code is, of an id that leads to its row and a secret that is kept as a hash. */
export const formatPushedRequestUri = (parts: AuthorizationCode): string =>
  `${PUSHED}${formatAuthorizationCode(parts)}`;

export const isPushedRequestUri = (uri: string): boolean => uri.startsWith(PUSHED);

/** Undefined for anything but the one canonical text of a reference of ours. */
export const parsePushedRequestUri = (uri: string, digests: Digests): PushedReference | undefined => {
  const parts = isPushedRequestUri(uri) ? parseAuthorizationCode(uri.slice(PUSHED.length)) : undefined;
  return parts && { id: parts.id, secretHash: digests.sha256(parts.secret) };
};

const withoutFragment = (uri: string): string => uri.split('#', 1)[0] ?? '';

/**
 * Whether a request_uri was registered: exact comparison but for the fragment, which says what the content is and changes
 * with it (OpenID Connect Dynamic Client Registration 1.0 section 2, request_uris). What was not registered is never
 * fetched, or anybody could have us fetch anything (RFC 9101 section 10.4.1).
 */
export const isRegisteredRequestUri = (uri: string, registered: readonly string[] = []): boolean =>
  registered.some((candidate) => withoutFragment(candidate) === withoutFragment(uri));

/**
 * The base64url SHA-256 of the content that a request_uri claims to lead to (OpenID Connect Core 1.0 section 6.2), or
 * undefined.
 */
export const claimedContentHash = (uri: string): string | undefined => /#([A-Za-z0-9_-]{43})$/.exec(uri)?.[1];
