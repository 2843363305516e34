import type { DeclaredClient } from '@signet/contracts';
import { hostsOf, redirectUriFault } from '@signet/protocol';
import type { Fault } from '../../configuration/faults/fault.js';
import { fault, type ClientCheck, type ClientRules } from './client-check.js';

/** What is wrong with a URI that a person follows: https, and http on this machine for trying out. */
function linkFault(uri: string, { mode }: ClientRules): string | undefined {
  const isWeb = /^https:/i.test(uri) || (mode === 'development' && /^http:/i.test(uri));
  // Fragments are right here: they name a place in the page.
  return isWeb ? redirectUriFault(uri.replace(/#[^#]*$/, '')) : 'is not https';
}

/** What is wrong with a URI that we fetch; whether its host may be reached is decided when it is. */
function fetchedFault(uri: string, { outboundAllow }: ClientRules): string | undefined {
  if (!URL.canParse(uri)) return 'is not an absolute URI';
  const { protocol, origin, username, password } = new URL(uri);
  if (username !== '' || password !== '') return 'has user information';
  return protocol === 'https:' || outboundAllow.includes(origin) ? undefined : 'is not https';
}

const check = (
  member: keyof DeclaredClient,
  uri: string | undefined,
  message: (uri: string) => string | undefined,
  ...below: (string | number)[]
): Fault[] => {
  const found = uri === undefined ? undefined : message(uri);
  return found === undefined ? [] : fault(member, found, ...below);
};

/** OpenID Connect Registration 1.0 section 2: shown to a person at consent, so nothing but a web page. */
export const links: ClientCheck = (client, rules) => [
  ...(['clientUri', 'policyUri', 'tosUri'] as const).flatMap((member) =>
    check(member, client[member], (uri) => linkFault(uri, rules)),
  ),
  ...Object.entries(client.localized ?? {}).flatMap(([name, value]) => {
    if (name.startsWith('client_name#')) return [];
    const isLogo = name.startsWith('logo_uri#');
    return check('localized', value, (uri) => (isLogo ? fetchedFault(uri, rules) : linkFault(uri, rules)), name);
  }),
];

/** OpenID Connect Registration 1.0 section 2, RFC 7591 section 2: fetched by us. */
export const fetched: ClientCheck = (client, rules) => [
  ...(['logoUri', 'jwksUri'] as const).flatMap((member) =>
    check(member, client[member], (uri) => fetchedFault(uri, rules)),
  ),
  ...(client.requestUris ?? []).flatMap((uri, index) =>
    // OpenID Connect Core 1.0 section 6.2: "MUST be either https or … signed in a way verifiable by the OP"; here it is https.
    check('requestUris', uri, (value) => fetchedFault(value, rules), index),
  ),
];

/** OpenID Connect Core 1.0 section 4: "The Login Initiation Endpoint … uses the https scheme." */
export const initiateLogin: ClientCheck = ({ initiateLoginUri }) =>
  check('initiateLoginUri', initiateLoginUri, (uri) => (/^https:/i.test(uri) ? redirectUriFault(uri) : 'is not https'));

/** OpenID Connect Registration 1.0 section 5. */
export const sectorIdentifier: ClientCheck = ({ sectorIdentifierUri }, rules) =>
  check('sectorIdentifierUri', sectorIdentifierUri, (uri) => fetchedFault(uri, rules));

/**
 * OpenID Connect Core 1.0 section 8.1: the sector is the one host of all redirect URIs, or what sector_identifier_uri says. A client
 * that is at no host has a sector of its own.
 */
export const pairwiseSector: ClientCheck = ({ subjectType, sectorIdentifierUri, redirectUris }) =>
  subjectType === 'pairwise' && sectorIdentifierUri === undefined && hostsOf(redirectUris).length > 1
    ? fault('sectorIdentifierUri', 'is needed: pairwise subjects, and redirect URIs that are not all at one host')
    : [];
