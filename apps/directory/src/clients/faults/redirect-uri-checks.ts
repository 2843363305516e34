import type { DeclaredClient } from '@signet/contracts';
import { isLoopbackHost, redirectUriFault } from '@signet/protocol';
import type { Fault } from '../../configuration/faults/fault.js';
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

/**
 * RFC 9700 section 2.6: http redirect URIs are "for native clients that use loopback interface redirection" alone. Development
 * mode, which is for trying out on one machine, has them for web clients too.
 */
export const webLoopbackRedirects: ClientCheck = (client, { mode }) =>
  isWeb(client) && mode === 'production'
    ? judged(client, (url) => (isHttpLoopback(url) ? 'is http, which is for native clients alone' : undefined))
    : [];

/**
 * OpenID Connect Registration 1.0 section 2, application_type: "Web Clients using the OAuth Implicit Grant Type MUST only
 * register URLs using the https scheme as redirect_uris; they MUST NOT use localhost as the hostname." Development mode has
 * localhost, and http there.
 */
export const implicitWebRedirects: ClientCheck = (client, { mode }) =>
  isWeb(client) && client.grantTypes.includes('implicit')
    ? judged(client, (url) => {
        // In production mode it is refused to every web client.
        if (isHttpLoopback(url)) return undefined;
        if (url.protocol !== 'https:') return 'must be https for a web client of the implicit flow';
        return mode === 'production' && isLoopbackHost(url.hostname)
          ? 'may not be localhost for a web client of the implicit flow'
          : undefined;
      })
    : [];

/** RFC 8252 section 7: private-use schemes, claimed https URIs and loopback; a host of the network is not the device's own. */
export const nativeRedirects: ClientCheck = (client) =>
  isWeb(client)
    ? []
    : judged(client, ({ protocol, hostname }) =>
        protocol === 'https:' && isLoopbackHost(hostname)
          ? 'must be http where a native client listens on loopback'
          : undefined,
      );

const isWeb = ({ applicationType = 'web' }: DeclaredClient): boolean => applicationType === 'web';

const isHttpLoopback = ({ protocol, hostname }: URL): boolean => protocol === 'http:' && isLoopbackHost(hostname);

/** A fault for each redirect URI of which `message` says something; those that are none are told of by `redirectUris`. */
const judged = (client: DeclaredClient, message: (url: URL) => string | undefined): Fault[] =>
  client.redirectUris.flatMap((uri, index) => {
    const found = URL.canParse(uri) ? message(new URL(uri)) : undefined;
    return found === undefined ? [] : fault('redirectUris', found, index);
  });
