import type { ClientWithSecrets } from '../client.js';
import type { Digests } from '../digests.js';

/** RFC 6749 section 2.3.1. Every stored hash is compared, so that time says nothing about which of them matched. */
export const isSecretOf = (client: ClientWithSecrets, secret: string, digests: Digests): boolean => {
  const hash = digests.sha256(secret);
  return client.secretHashes.reduce((matched, candidate) => digests.equal(hash, candidate) || matched, false);
};
