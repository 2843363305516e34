import type { Actor } from '@signet/contracts';
import type { OAuthError } from '@signet/protocol';
import type { HttpRequest } from '../http/types.js';
import type { Administrator, CheckedToken, TokenCheck } from './ports.js';

/** Of a request, what a DPoP proof is held against (RFC 9449 section 4.3): one proof alone; the second is sent along to be refused. */
export function proofOf(request: HttpRequest): Pick<TokenCheck, 'proofs' | 'method' | 'path'> {
  const [path = ''] = (request.raw.url ?? '').split('?', 1);
  return { proofs: (request.raw.headersDistinct['dpop'] ?? []).slice(0, 2), method: request.method, path };
}

/** Of a live token: whose authority counts, and who it is in events. The account, else the client that acts for itself. */
export function administratorOf({
  tenant,
  clientId,
  accountId,
}: Pick<Extract<CheckedToken, { outcome: 'live' }>, 'tenant' | 'clientId' | 'accountId'>): {
  readonly administrator: Administrator;
  readonly actor: Actor;
} {
  return accountId === null
    ? { administrator: { tenantId: tenant.id, clientId }, actor: `client:${clientId}` }
    : { administrator: { tenantId: tenant.id, accountId }, actor: `account:${accountId}` };
}

const unrecorded: ReadonlySet<string> = new Set(['invalid_request', 'use_dpop_nonce']);

/** False for malformed requests, and for a nonce that every client has to be told once: nobody was refused anything. */
export const isRefusal = ({ error }: Pick<OAuthError, 'error'>): boolean => !unrecorded.has(error);
