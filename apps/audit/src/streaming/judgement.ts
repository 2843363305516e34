import { administratorOf, reachOf, type AccessTokenChecks, type Authorities } from '@signet/service';
import { z } from 'zod';
import type { EndReason } from './frames.js';

/** What a stream was opened with, and must still be allowed by. */
export interface Credential {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  readonly method: string;
  readonly path: string;
  readonly permissions: readonly string[];
}

/** Why a stream may not go on; undefined: it may. Throws where token or directory is away. */
export async function judge(
  checks: AccessTokenChecks,
  authorities: Authorities,
  { scheme, token, method, path, permissions }: Credential,
): Promise<EndReason | undefined> {
  const checked = await checks.check({ scheme, token, proofs: [], method, path, proven: true });
  if (checked.outcome === 'refused') return 'token';
  const held = await authorities.of(administratorOf(checked).administrator);
  return permissions.every((permission) => reachOf(held, permission)?.kind === 'tenant') ? undefined : 'permission';
}

const expiring = z.object({ exp: z.int().positive() });

/** Seconds since the epoch, of an access token that has been judged; undefined: it is no JWT. */
export function expiryOf(token: string): number | undefined {
  const [, payload = ''] = token.split('.');
  try {
    return expiring.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).exp;
  } catch {
    return undefined;
  }
}
