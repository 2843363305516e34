import { clientRefused, clientRefusalsSummarised, type EventDefinition } from '@signet/contracts';
import type { Client, OAuthError } from '@signet/protocol';
import { sendOAuthError, type FailureLog, type HttpReply } from '@signet/service';
import type { z } from 'zod';
import { contextOf, type Exchange } from './exchange.js';

/** Records what an endpoint refuses; beyond ten a minute of a kind and network they are counted. */
export class Refusals {
  constructor(private readonly failures: Pick<FailureLog, 'record'>) {}

  /** `reason` is one of our own words. */
  async record<D extends z.ZodType>(
    definition: EventDefinition<D, z.ZodUndefined>,
    exchange: Exchange,
    refusal: {
      readonly client?: Pick<Client, 'clientId'> | undefined;
      readonly data: z.input<D>;
      readonly reason: string;
    },
  ): Promise<void> {
    const { client, data, reason } = refusal;
    await this.failures.record(definition, clientRefusalsSummarised, {
      tenantId: exchange.tenant.id,
      context: contextOf(exchange, client),
      ...(client !== undefined && { client: client.clientId }),
      data,
      reason,
    });
  }

  /** Tells a client of an error, with its record first where it is a refusal. `endpoint`: its name without the slash. */
  async answer(
    reply: HttpReply,
    exchange: Exchange,
    error: OAuthError,
    about: { readonly endpoint: string; readonly client?: Pick<Client, 'clientId'> | undefined },
  ): Promise<void> {
    if (isRefusal(error)) {
      const { client, endpoint } = about;
      const reason = error.detail ?? error.error;
      await this.record(clientRefused, exchange, { client, reason, data: { endpoint } });
    }
    sendOAuthError(reply, error);
  }
}

/** Malformed requests, what is away, a DPoP nonce that every client has to be told once, and a device that has to wait. */
const notRefusals: ReadonlySet<OAuthError['error']> = new Set([
  'invalid_request',
  'unsupported_grant_type',
  'temporarily_unavailable',
  'use_dpop_nonce',
  'authorization_pending',
  'slow_down',
]);

/** Whether an error tells of a right that somebody tried to use, and not of a malformed request. */
export function isRefusal({ error }: OAuthError): boolean {
  return !notRefusals.has(error);
}
