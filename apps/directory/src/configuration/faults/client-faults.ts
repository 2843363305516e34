import type { DeclaredClient } from '@signet/contracts';
import { redirectUriFault } from '@signet/protocol';
import type { Fault } from './fault.js';

type Check = (client: DeclaredClient) => readonly Fault[];

const fault = (member: string, message: string): Fault[] => [{ path: [member], message }];

const mostUris = 50;
/** Ten years: anything longer is a mistake, and has to fit a column. Seconds. */
const longestMaxAge = 315_360_000;

const uris =
  (member: 'redirectUris' | 'postLogoutRedirectUris'): Check =>
  (client) => [
    ...(client[member].length > mostUris ? fault(member, `are more than ${mostUris}`) : []),
    ...client[member].flatMap((uri, index) => {
      const message = redirectUriFault(uri);
      return message === undefined ? [] : [{ path: [member, index], message }];
    }),
  ];

/** RFC 6749 appendix A.1: VSCHAR. */
const clientId: Check = (client) =>
  /^[\x20-\x7e]+$/.test(client.clientId) ? [] : fault('clientId', 'has characters that no client_id may have');

/** RFC 7591 section 2.1: response_types and grant_types go together. */
const responseTypes: Check = (client) =>
  client.responseTypes.includes('code') === client.grantTypes.includes('authorization_code')
    ? []
    : fault('responseTypes', 'code and the grant type authorization_code need each other');

/** RFC 7591 section 2: "Clients using flows with redirection MUST register their redirection URI values." */
const redirects: Check = (client) =>
  client.grantTypes.includes('authorization_code') && client.redirectUris.length === 0
    ? fault('redirectUris', 'authorization_code needs at least one')
    : [];

const grantTypes: Check = (client) => [
  ...(client.grantTypes.length === 0 ? fault('grantTypes', 'are none') : []),
  // RFC 6749 section 4.4.3: no refresh token comes of client_credentials.
  ...(client.grantTypes.includes('refresh_token') && !client.grantTypes.includes('authorization_code')
    ? fault('grantTypes', 'refresh_token needs authorization_code')
    : []),
  // RFC 6749 section 4.4: "MUST only be used by confidential clients".
  ...(client.grantTypes.includes('client_credentials') && client.tokenEndpointAuthMethod === 'none'
    ? fault('grantTypes', 'client_credentials is for confidential clients')
    : []),
];

const secrets: Check = (client) => {
  const isPublic = client.tokenEndpointAuthMethod === 'none';
  if (isPublic && client.secretHashes.length > 0) return fault('secretHashes', 'a public client has no secret');
  if (!isPublic && client.secretHashes.length === 0) return fault('secretHashes', 'a confidential client needs one');
  return [];
};

/** RFC 7662 section 2.1: the endpoint MUST require authorization of who asks. */
const introspection: Check = (client) =>
  client.introspects.length > 0 && client.tokenEndpointAuthMethod === 'none'
    ? fault('introspects', 'a public client may not introspect')
    : [];

const maxAge: Check = (client) =>
  (client.defaultMaxAge ?? 0) > longestMaxAge ? fault('defaultMaxAge', 'is longer than ten years') : [];

const checks: readonly Check[] = [
  clientId,
  uris('redirectUris'),
  uris('postLogoutRedirectUris'),
  grantTypes,
  responseTypes,
  redirects,
  secrets,
  introspection,
  maxAge,
];

/** What is wrong with a client in itself. Does not check that what it refers to exists. */
export function clientFaults(client: DeclaredClient): Fault[] {
  return checks.flatMap((check) => check(client));
}
