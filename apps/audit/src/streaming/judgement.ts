import { presentedAccessToken } from '@signet/protocol';
import {
  administratorOf,
  callerOf,
  ManagementProblem,
  proofOf,
  reachOf,
  type AccessTokenChecks,
  type Authorities,
  type HttpRequest,
} from '@signet/service';
import { z } from 'zod';

/** What an answer that lasts was asked for with, and must still be allowed by. */
export interface Credential {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  readonly method: string;
  readonly path: string;
  readonly permissions: readonly string[];
}

export type EndReason = 'token' | 'permission' | 'unjudged';

/** Of a request that its guard has let in. Throws a problem where it may not read the log, or personal parts if it asks for them. */
export function credentialOf(request: HttpRequest, personal: boolean): Credential {
  const permissions = ['events:read', ...(personal ? ['accounts:read'] : [])];
  const { held } = callerOf(request);
  if (!permissions.every((permission) => reachOf(held, permission)?.kind === 'tenant')) {
    throw new ManagementProblem('insufficient-permission', 'accounts:read is needed in the whole tenant');
  }
  const presented = presentedAccessToken({ authorization: request.headers.authorization });
  if (!presented.ok) throw new TypeError('A handler asked for its token and has no ManagementGuard.');
  const { method, path } = proofOf(request);
  return { ...presented.value, method, path, permissions };
}

/** Why it may not go on; undefined: it may. Throws where token or directory is away. */
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
