import type { Client, ResourceServer, SigningAlgorithm } from '@signet/protocol';

/** Ten times cheaper to sign than RS256; resource servers that cannot verify it are registered with another. */
const fallback: SigningAlgorithm = 'ES256';

/**
 * The client's own choice, else that of the resource servers that the token is for, where they agree. The issuer's own endpoints
 * verify them all.
 */
export function accessTokenAlg(
  client: Pick<Client, 'accessTokenAlg'>,
  audience: readonly string[],
  resourceServers: readonly ResourceServer[],
): SigningAlgorithm {
  if (client.accessTokenAlg !== undefined) return client.accessTokenAlg;
  const chosen = new Set(
    resourceServers
      .filter(({ identifier }) => audience.includes(identifier))
      .map((server) => server.accessTokenAlg ?? fallback),
  );
  const [first] = chosen;
  return first !== undefined && chosen.size === 1 ? first : fallback;
}

/** Every algorithm that the tokens of this client may be signed with. */
export function signingAlgs(
  client: Pick<Client, 'accessTokenAlg' | 'idTokenSignedResponseAlg'>,
  resourceServers: readonly ResourceServer[],
): ReadonlySet<SigningAlgorithm> {
  const ofServers = resourceServers.map((server) => server.accessTokenAlg ?? fallback);
  const ofAccess = client.accessTokenAlg === undefined ? [fallback, ...ofServers] : [client.accessTokenAlg];
  const ofIdToken = client.idTokenSignedResponseAlg;
  return new Set(ofIdToken === 'none' ? ofAccess : [ofIdToken, ...ofAccess]);
}
