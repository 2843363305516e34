import * as client from 'openid-client';
import type { Configuration } from './configuration.js';

/** The provider's metadata and our registration with it, as every call of openid-client wants them. */
export type Provider = () => Promise<client.Configuration>;

/**
 * Discovers the provider at the first request that needs it, and keeps the answer. A failed attempt is forgotten, so
 * that this application may start before its provider does.
 */
export function lazyProvider(configuration: Configuration): Provider {
  let discovered: Promise<client.Configuration> | undefined;
  return () => {
    discovered ??= discover(configuration).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  };
}

function discover({ issuer, clientId, clientSecret }: Configuration): Promise<client.Configuration> {
  return client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(clientSecret), {
    timeout: 10,
    // openid-client refuses plain http, over which secrets and codes can be read. A development issuer on this machine
    // has no TLS, so the check is lifted for it and for no other.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out; nothing replaces it
    execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
  });
}
