import { toSeconds, type Micros } from '@signet/protocol';

/** draft-ietf-oauth-status-list section 5.1. */
export const STATUS_LIST_TYPE = 'statuslist+jwt';

export interface StatusListInput {
  readonly issuer: string;
  /** As the tokens that it tells of name it. */
  readonly uri: string;
  readonly issuedAt: Micros;
  readonly expiresAt: Micros;
  /** Seconds for which a verifier may go by it. */
  readonly ttl: number;
  /** One bit each, compressed by ZLIB (RFC 1950). */
  readonly compressed: Uint8Array;
}

/** draft-ietf-oauth-status-list sections 4.2 and 5.1; times in seconds. */
export const statusListClaims = (input: StatusListInput) => ({
  iss: input.issuer,
  // MUST be the uri of the tokens that it tells of.
  sub: input.uri,
  iat: toSeconds(input.issuedAt),
  exp: toSeconds(input.expiresAt),
  ttl: input.ttl,
  status_list: { bits: 1, lst: Buffer.from(input.compressed).toString('base64url') },
});
