import { createRemoteJWKSet } from 'jose';
import type { JWTVerifyGetKey } from 'jose';

/** The provider, as its discovery document (RFC 8414) describes it. */
export interface Provider {
  readonly issuer: string;
  /** Its public keys, cached, and read anew when a token names one that is not among them. */
  readonly keys: JWTVerifyGetKey;
}

export async function discover(issuer: string): Promise<Provider> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`the provider answers ${String(response.status)} to discovery`);
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  // RFC 8414 section 3.3: MUST be identical to the issuer that was asked.
  if (document.issuer !== issuer) throw new Error(`the provider calls itself ${String(document.issuer)}`);
  if (typeof document.jwks_uri !== 'string') throw new Error('the provider names no keys');
  return { issuer, keys: createRemoteJWKSet(new URL(document.jwks_uri)) };
}

/** Asked for when it is first needed, and again after a failure: the provider may start later than this server. */
export function lazyProvider(issuer: string): () => Promise<Provider> {
  let found: Promise<Provider> | undefined;
  return () => {
    found ??= discover(issuer).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}
