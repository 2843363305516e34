import type { DeclaredClient } from '@signet/contracts';
import type { Fault } from '../../configuration/faults/fault.js';
import { encryptionPairs, signedRequestObjects, signedThenEncrypted, unsignedIdTokens } from './algorithm-checks.js';
import { authenticationAlgorithm, introspection, sealedSecrets, secrets } from './authentication-checks.js';
import { fault, type ClientCheck, type ClientRules } from './client-check.js';
import {
  clientCredentials,
  codeResponses,
  implicitResponses,
  refreshToken,
  someGrantType,
  someRedirectUri,
} from './flow-checks.js';
import { keysForUse, oneKeySource, publicKeys } from './key-checks.js';
import { backChannelLogout, frontChannelLogout } from './logout-uri-checks.js';
import {
  implicitWebRedirects,
  nativeRedirects,
  postLogoutRedirectUris,
  redirectUris,
  webLoopbackRedirects,
} from './redirect-uri-checks.js';
import { fetched, initiateLogin, links, pairwiseSector, sectorIdentifier } from './uri-checks.js';

/** Ten years: anything longer is a mistake, and has to fit a column. Seconds. */
const longestMaxAge = 315_360_000;

/** RFC 6749 appendix A.1: VSCHAR. */
const clientId: ClientCheck = (client) =>
  /^[\x20-\x7e]+$/.test(client.clientId) ? [] : fault('clientId', 'has characters that no client_id may have');

/** RFC 9700 section 4.15: a client's tokens about itself must not look like a person's. A pairwise subject is a SHA-256 in base64url. */
const noSubject: ClientCheck = ({ clientId: id }) =>
  /^[A-Za-z0-9_-]{43}$/.test(id) ? fault('clientId', 'has the form of a pairwise subject') : [];

const maxAge: ClientCheck = (client) =>
  (client.defaultMaxAge ?? 0) > longestMaxAge ? fault('defaultMaxAge', 'is longer than ten years') : [];

const checks: readonly ClientCheck[] = [
  clientId,
  noSubject,
  redirectUris,
  postLogoutRedirectUris,
  someGrantType,
  refreshToken,
  clientCredentials,
  codeResponses,
  implicitResponses,
  someRedirectUri,
  webLoopbackRedirects,
  implicitWebRedirects,
  nativeRedirects,
  secrets,
  sealedSecrets,
  authenticationAlgorithm,
  introspection,
  oneKeySource,
  publicKeys,
  keysForUse,
  encryptionPairs,
  unsignedIdTokens,
  signedThenEncrypted,
  signedRequestObjects,
  links,
  fetched,
  initiateLogin,
  frontChannelLogout,
  backChannelLogout,
  sectorIdentifier,
  pairwiseSector,
  maxAge,
];

/** What is wrong with a client in itself, whether a file declares it or it registers. Does not check that what it refers to exists. */
export function clientFaults(client: DeclaredClient, rules: ClientRules): Fault[] {
  return checks.flatMap((check) => check(client, rules));
}
