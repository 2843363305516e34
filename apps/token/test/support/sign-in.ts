import { createHash, randomBytes } from 'node:crypto';
import {
  accountId,
  codeId,
  codeIssued,
  frontChannelIssued,
  grantCreated,
  grantExtended,
  grantId,
  issueGrant,
  micros,
  newId,
  sessionId,
  tenantId,
  type Micros,
} from '@signet/contracts';
import { digests } from '@signet/keys';
import { challengeOf } from '@signet/protocol';
import type { z } from 'zod';
import { issueGrantStatement, type GrantVerdict } from '../../src/grants/store/issue-grant.js';
import type { StoreDatabase } from './database.js';

type Asked = z.output<typeof issueGrant.request>;
/** A request for a code. */
export type GrantRequest = Asked & { code: NonNullable<Asked['code']> };

export const verifier = 'v'.repeat(43);

/** A code and what its client holds of it. */
export interface SignIn {
  readonly request: GrantRequest;
  readonly secret: string;
}

export function aSignIn(now: Micros, changes: Partial<GrantRequest> = {}): SignIn {
  const secret = randomBytes(32).toString('base64url');
  const later = (seconds: number) => micros.parse(now + seconds * 1_000_000);
  const code = { id: newId(codeId), hash: createHash('sha256').update(secret).digest('base64url') };
  const request = issueGrant.request.parse({
    tenantId: newId(tenantId),
    clientId: 'shop',
    clientVersion: 1,
    authentication: {
      sessionId: newId(sessionId),
      accountId: newId(accountId),
      organisationId: null,
      since: now,
      authTime: now,
      acr: 'urn:signet:acr:password',
      amr: ['pwd'],
      sessionExpiresAt: later(36_000),
    },
    redirectUri: 'https://shop.example/callback',
    scopes: ['openid', 'profile'],
    resources: [],
    nonce: 'n-0S6',
    codeChallenge: challengeOf(verifier, digests),
    consent: 'approved',
    context: { actor: 'account:alice' },
    code,
    ...changes,
  });
  return { request: { ...request, code: changes.code ?? code }, secret };
}

/** A code for the same sign-in at the same client. */
export function anotherCode(signIn: SignIn, changes: Partial<GrantRequest> = {}): SignIn {
  const { request, secret } = aSignIn(signIn.request.authentication.since);
  return { request: { ...signIn.request, code: request.code, ...changes }, secret };
}

/** Asks the statement; a `front` without a code is asked for by leaving the code out. */
export async function issue(
  store: StoreDatabase,
  { request }: { readonly request: z.output<typeof issueGrant.request> },
): Promise<GrantVerdict> {
  const { tenantId: tenant, scopes, code, front } = request;
  const verdict = await store.database.first(issueGrantStatement, {
    request,
    sub: 'sub-alice',
    grantId: newId(grantId),
    codeIssued: code && store.event(codeIssued, { tenantId: tenant, aggregate: code.id, data: { scopes } }),
    frontChannelIssued:
      front &&
      store.event(frontChannelIssued, {
        tenantId: tenant,
        data: { scopes, instance: null, jti: null, idToken: true },
      }),
    grantCreated: store.event(grantCreated, { tenantId: tenant, data: { scopes } }),
    grantExtended: store.event(grantExtended, { tenantId: tenant, data: { scopes } }),
  });
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}
