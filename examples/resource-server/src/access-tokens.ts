import { errors, jwtVerify } from 'jose';
import type { Provider } from './provider.js';
import type { StatusLists, StatusReference } from './status-lists.js';

/** What a request may do here, and for whom. */
export interface AccessToken {
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** RFC 6750 section 3.1. */
export class InvalidToken extends Error {}

export interface AccessTokenCheckOptions {
  readonly provider: Provider;
  readonly statusLists: Pick<StatusLists, 'isValid'>;
  /** This server's own identifier, as it is registered with the provider. */
  readonly audience: string;
}

/**
 * Validates an access token in JWT form (RFC 9068 section 4), and only then looks for its status (draft-ietf-oauth-status-list section 8.3).
 * Throws InvalidToken; StatusUnknown where the status cannot be known. Does not judge scopes.
 */
export async function checkAccessToken(token: string, options: AccessTokenCheckOptions): Promise<AccessToken> {
  const { provider, statusLists, audience } = options;
  const { payload } = await jwtVerify(token, provider.keys, {
    // An ID token of the same issuer is no access token.
    typ: 'at+jwt',
    issuer: provider.issuer,
    audience,
    requiredClaims: ['exp', 'sub', 'client_id'],
    clockTolerance: 5,
  }).catch((error: unknown) => {
    if (error instanceof errors.JOSEError && !ofKeys.has(error.code))
      throw new InvalidToken(error.code, { cause: error });
    throw error;
  });
  // RFC 9449 section 7.2: bound to a key that this server does not ask for, it is not a bearer token.
  if (payload['cnf'] !== undefined) throw new InvalidToken('bound to a key');
  const reference = referenceOf(payload['status']);
  if (!(await statusLists.isValid(reference))) throw new InvalidToken('revoked');
  return {
    subject: String(payload.sub),
    clientId: String(payload['client_id']),
    scopes: typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [],
  };
}

/** That the keys could not be had says nothing of the token. */
const ofKeys: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/** This server is registered for status lists, so that a token without a place was made before that, and is refused as well. */
function referenceOf(status: unknown): StatusReference {
  const { idx, uri } = (status as { status_list?: Partial<StatusReference> } | undefined)?.status_list ?? {};
  if (typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0) throw new InvalidToken('no status');
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw new InvalidToken('no status');
  return { idx, uri };
}
