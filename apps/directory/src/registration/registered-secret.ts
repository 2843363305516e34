import { tenantId } from '@signet/contracts';
import { randomText, systemRandom } from '@signet/keys';
import type { Client, ClientMetadata } from '@signet/protocol';
import type { ClientSecrets, KeptSecret } from '../clients/client-secrets.js';

/** What is kept of a client's secret, and the secret itself where it is new. */
export interface RegisteredSecret {
  readonly kept?: KeptSecret;
  readonly issued?: string;
}

type Authentication = Pick<ClientMetadata, 'tokenEndpointAuthMethod' | 'tokenEndpointAuthSigningAlg'>;

const usesSecret = ({ tokenEndpointAuthMethod: method }: Authentication) => method.startsWith('client_secret_');
const isMac = ({ tokenEndpointAuthMethod: method }: Authentication) => method === 'client_secret_jwt';

/** Bytes. RFC 7518 section 3.2: the key of a MAC is as long as its hash; the key is the secret's text. */
const lengthFor = (client: Authentication) =>
  isMac(client) && client.tokenEndpointAuthSigningAlg !== 'HS256' ? 64 : 32;

/**
 * The secret of a client that registers or updates itself: the one that it has where that still serves, else a new one, since
 * of a secret that is not sealed only the hash is known.
 */
export function secretFor(
  after: Client,
  before: { readonly client: Authentication; readonly secrets: readonly KeptSecret[] } | undefined,
  secrets: ClientSecrets,
): RegisteredSecret {
  if (!usesSecret(after)) return {};
  const [held] = before?.secrets ?? [];
  if (before && held) {
    if (!isMac(after)) return { kept: { hash: held.hash } };
    if (held.sealed && lengthFor(before.client) >= lengthFor(after)) return { kept: held };
  }
  const issued = randomText(systemRandom, lengthFor(after));
  const owner = { tenantId: tenantId.parse(after.tenantId), clientId: after.clientId };
  return { issued, kept: secrets.keep(owner, after, issued) };
}
