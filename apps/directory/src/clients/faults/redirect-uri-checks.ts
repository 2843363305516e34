import { redirectUriFault } from '@signet/protocol';
import { fault, type ClientCheck } from './client-check.js';

const mostUris = 50;

const uris =
  (member: 'redirectUris' | 'postLogoutRedirectUris'): ClientCheck =>
  (client) => [
    ...(client[member].length > mostUris ? fault(member, `are more than ${mostUris}`) : []),
    ...client[member].flatMap((uri, index) => {
      const message = redirectUriFault(uri);
      return message === undefined ? [] : fault(member, message, index);
    }),
  ];

export const redirectUris = uris('redirectUris');
export const postLogoutRedirectUris = uris('postLogoutRedirectUris');

const isLoopback = (hostname: string): boolean => /^(?:localhost|.*\.localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);

/**
 * OpenID Connect Registration 1.0 section 2, application_type: "Web Clients using the OAuth Implicit Grant Type MUST only
 * register URLs using the https scheme as redirect_uris; they MUST NOT use localhost as the hostname." Development mode,
 * which is for trying out on one machine, has http and localhost.
 */
export const implicitWebRedirects: ClientCheck = (
  { applicationType = 'web', grantTypes, redirectUris: all },
  { mode },
) =>
  applicationType === 'web' && grantTypes.includes('implicit')
    ? all.flatMap((uri, index) => {
        if (!URL.canParse(uri)) return [];
        const { protocol, hostname } = new URL(uri);
        const isLocal = isLoopback(hostname);
        if (mode === 'development' && isLocal && protocol === 'http:') return [];
        if (protocol !== 'https:')
          return fault('redirectUris', 'must be https for a web client of the implicit flow', index);
        return mode === 'production' && isLocal
          ? fault('redirectUris', 'may not be localhost for a web client of the implicit flow', index)
          : [];
      })
    : [];

/** RFC 8252 section 7: private-use schemes, claimed https URIs and loopback; a host of the network is not the device's own. */
export const nativeRedirects: ClientCheck = ({ applicationType, redirectUris: all }) =>
  applicationType === 'native'
    ? all.flatMap((uri, index) => {
        if (!URL.canParse(uri)) return [];
        const { protocol, hostname } = new URL(uri);
        return protocol === 'https:' && isLoopback(hostname)
          ? fault('redirectUris', 'must be http where a native client listens on loopback', index)
          : [];
      })
    : [];
