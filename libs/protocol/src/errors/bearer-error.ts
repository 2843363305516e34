import { clientSigningAlgorithms } from '../client.js';
import type { DpopFault } from '../dpop/dpop-proof.js';
import { dpopNonceHeader } from './dpop-error.js';
import { descriptionText, oauthError } from './oauth-error.js';
import type { OAuthError, PrivatePart } from './oauth-error.js';

/** How an access token is sent: RFC 6750 section 2.1 and RFC 9449 section 7.1. */
export type AccessTokenScheme = 'Bearer' | 'DPoP';

/** What failed, and by which scheme the client had sent its token. */
type ResourceFailure = PrivatePart & { readonly scheme?: AccessTokenScheme };

const parameters = (members: Readonly<Record<string, string>>): string =>
  Object.entries(members)
    .map(([name, value]) => `${name}="${descriptionText(value)}"`)
    .join(', ');

const bearerChallenge = (members: Readonly<Record<string, string>>): string =>
  `Bearer ${parameters({ realm: 'signet', ...members })}`;

/** RFC 9449 section 7.1: algs are those that a proof may be signed with. */
const dpopChallenge = (members: Readonly<Record<string, string>>): string =>
  `DPoP ${parameters({ ...members, algs: clientSigningAlgorithms.join(' ') })}`;

const challengeOf = (scheme: AccessTokenScheme, members: Readonly<Record<string, string>>): string =>
  scheme === 'DPoP' ? dpopChallenge(members) : bearerChallenge(members);

/** The scheme that was used says what went wrong. */
const challenge = (
  scheme: AccessTokenScheme,
  members: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({ 'WWW-Authenticate': challengeOf(scheme, members) });

/** RFC 9449 section 7.2: beside the one that was used, the scheme DPoP is told of. */
const challenges = (
  scheme: AccessTokenScheme,
  members: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  'WWW-Authenticate': [challengeOf(scheme, members), ...(scheme === 'DPoP' ? [] : [dpopChallenge({})])].join(', '),
});

/** RFC 6750 section 3.1: a request without any authentication is told the schemes, and no error code. */
export const missingToken = (): OAuthError =>
  oauthError('invalid_token', 'An access token is required', { status: 401, headers: challenges('Bearer', {}) });

/** RFC 6750 section 3.1: expired, revoked, malformed or not meant for this resource. */
export const invalidToken = (errorDescription: string, failure: ResourceFailure = {}): OAuthError => {
  const { scheme = 'Bearer', ...rest } = failure;
  const members = { error: 'invalid_token', error_description: errorDescription };
  return oauthError('invalid_token', errorDescription, { ...rest, status: 401, headers: challenges(scheme, members) });
};

/** RFC 6750 section 3.1: the token is good, and its scope is not enough. */
export const insufficientScope = (scope: string, failure: ResourceFailure = {}): OAuthError => {
  const { scheme = 'Bearer', ...rest } = failure;
  const errorDescription = `The scope ${scope} is required`;
  const members = { error: 'insufficient_scope', error_description: errorDescription, scope };
  return oauthError('insufficient_scope', errorDescription, {
    ...rest,
    status: 403,
    headers: challenge(scheme, members),
  });
};

/** RFC 6750 section 3.1: more than one way of sending the token, or a malformed one. */
export const invalidBearerRequest = (errorDescription: string, failure: ResourceFailure = {}): OAuthError => {
  const { scheme = 'Bearer', ...rest } = failure;
  const members = { error: 'invalid_request', error_description: errorDescription };
  return oauthError('invalid_request', errorDescription, { ...rest, status: 400, headers: challenge(scheme, members) });
};

/** RFC 9449 sections 7.1 and 9: a proof that is refused at a resource. `nonce`: the current one. */
export const dpopResourceError = ({ error, errorDescription, detail }: DpopFault, nonce: string): OAuthError =>
  oauthError(error, errorDescription, {
    detail,
    status: 401,
    headers: {
      ...challenge('DPoP', { error, error_description: errorDescription }),
      ...dpopNonceHeader(nonce),
    },
  });
