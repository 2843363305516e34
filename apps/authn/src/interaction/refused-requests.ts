import { Injectable } from '@nestjs/common';
import { authorizationRefusalsSummarised, authorizationRefused } from '@signet/contracts';
import type { OAuthError } from '@signet/protocol';
import { FailureLog } from '@signet/service';
import { contextOf, type Exchange } from './exchange.js';

/** Malformed requests, and that nobody was there to ask: clients find that out by `prompt=none`, and ask often. */
const notRefusals: ReadonlySet<OAuthError['error']> = new Set<OAuthError['error']>([
  'invalid_request',
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
  'temporarily_unavailable',
]);

/** Why a client that was to be answered may not act any more. */
export type ClientRefusal = 'client_changed' | 'client_ended' | 'tenant_ended' | 'client_gone';

/** Who asks, or where the answer would go, is in doubt: refusals, though nothing but a malformed request is what they are called. */
const doubtful: ReadonlySet<string> = new Set<string>([
  ...['client_unknown', 'redirect_uri_mismatch'],
  ...(['client_changed', 'client_ended', 'tenant_ended', 'client_gone'] satisfies ClientRefusal[]),
]);

/** Records that a client's request was refused; beyond ten a minute of a kind and network refusals are counted. */
@Injectable()
export class RefusedRequests {
  constructor(private readonly failures: FailureLog) {}

  /** Before the answer leaves. `client`: where it is a registered one. */
  async record(
    exchange: Exchange,
    { error, detail }: OAuthError,
    client?: { readonly clientId: string },
  ): Promise<void> {
    if (notRefusals.has(error) && !doubtful.has(detail ?? '')) return;
    await this.failures.record(authorizationRefused, authorizationRefusalsSummarised, {
      tenantId: exchange.tenant.id,
      ...(client && { client: client.clientId }),
      context: contextOf(exchange),
      data: { error },
      reason: detail ?? error,
    });
  }
}
