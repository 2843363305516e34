import { findClient, signLogoutToken, sidOf } from '@signet/contracts';
import { MeshError, type Requester } from '@signet/messaging';
import type { DirectoryCopies, OutboundFetch } from '@signet/service';
import type { DueDelivery } from './store/claim-deliveries.js';

export interface LogoutCallDeps {
  readonly requester: Pick<Requester, 'request'>;
  readonly copies: Pick<DirectoryCopies, 'client'>;
  readonly outbound: Pick<OutboundFetch, 'post'>;
}

/** What was sent, and where to; nothing where it did not come to that. */
interface Sent {
  readonly uri?: string;
  readonly jti?: string;
}

/** What came of one attempt. */
export type Call =
  | { readonly kind: 'delivered' | 'failed'; readonly answer: string; readonly sent: Sent }
  /** The client is told of nothing, or is no more. */
  | { readonly kind: 'unwanted' }
  /** Directory or token is away, so nothing was tried. */
  | { readonly kind: 'waiting'; readonly code: 'unavailable' | 'deadline_exceeded' };

/** OpenID Connect Back-Channel Logout 1.0 section 2.8: 200; and what some frameworks make of it where there is no body. */
const successes: readonly number[] = [200, 204];

/** Gives a client its logout token, once (section 2.5). Rejects with nothing but bugs. */
export async function callClient(deps: LogoutCallDeps, delivery: DueDelivery): Promise<Call> {
  const { tenantId, clientId, sessionId, accountId } = delivery;
  const sid = sidOf(sessionId, clientId);
  try {
    const uri =
      (await deps.copies.client(tenantId, clientId))?.backchannelLogoutUri ?? (await registered(deps, delivery));
    if (uri === undefined) return { kind: 'unwanted' };
    const signed = await deps.requester.request(signLogoutToken, { tenantId, clientId, sid, accountId });
    if (signed.outcome === 'unencryptable') return { kind: 'failed', answer: signed.outcome, sent: {} };
    const { logoutToken, jti } = signed;
    const answer = await deps.outbound.post(uri, new URLSearchParams({ logout_token: logoutToken }));
    return {
      kind: answer.ok && successes.includes(answer.status) ? 'delivered' : 'failed',
      answer: answer.ok ? String(answer.status) : answer.fault,
      sent: { uri, jti },
    };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const { code } = error;
    return code === 'unavailable' || code === 'deadline_exceeded'
      ? { kind: 'waiting', code }
      : { kind: 'failed', answer: 'unsigned', sent: {} };
  }
}

/** As directory has it now: rows go by it unrecorded, and a copy may be from before the client asked to be told. */
async function registered(
  { requester }: LogoutCallDeps,
  { tenantId, clientId }: DueDelivery,
): Promise<string | undefined> {
  try {
    return (await requester.request(findClient, { tenantId, clientId })).backchannelLogoutUri;
  } catch (error) {
    if (error instanceof MeshError && error.code === 'not_found') return undefined;
    throw error;
  }
}
