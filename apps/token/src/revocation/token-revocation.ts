import { eventId, familyEnded, newId } from '@signet/contracts';
import { digests, refreshMac, type Keyring } from '@signet/keys';
import type { Database } from '@signet/persistence';
import { mayRevoke, parseRefreshToken, type Client, type RefreshToken } from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import type { AccessTokens } from '../access-tokens/access-tokens.js';
import type { Floors } from '../floors/floors.js';
import type { Revocations } from '../floors/revocations.js';
import { endFamily } from '../grants/store/end-family.js';
import { contextOf, type Exchange } from '../http/exchange.js';

export interface TokenRevocationParts {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly events: EventFactory;
  readonly floors: Floors;
  readonly tokens: AccessTokens;
  readonly revocations: Revocations;
}

/** RFC 7009: a client gives back what was issued to it. Anything else is left alone, and looks the same. */
export class TokenRevocation {
  constructor(private readonly parts: TokenRevocationParts) {}

  async revoke(exchange: Exchange, client: Client, text: string): Promise<void> {
    const refresh = parseRefreshToken(text, exchange.tenant.id, refreshMac(this.parts.keyring), digests);
    await (refresh === undefined
      ? this.#revokeAccess(exchange, client, text)
      : this.#revokeRefresh(exchange, client, refresh));
  }

  async #revokeRefresh(exchange: Exchange, client: Client, { family }: RefreshToken): Promise<void> {
    const { database, events, floors } = this.parts;
    const tenantId = exchange.tenant.id;
    const { clientId } = client;
    const ended = events.make(familyEnded, {
      tenantId,
      aggregate: family,
      context: contextOf(exchange, client),
      client: clientId,
      data: {},
      reason: 'revoked',
    });
    floors.apply(await database.execute(endFamily, { tenantId, clientId, familyId: family, ended }));
  }

  async #revokeAccess(exchange: Exchange, client: Client, text: string): Promise<void> {
    const token = await this.parts.tokens.verify(exchange.tenant, text);
    if (token === undefined || !mayRevoke(client, token)) return;
    const { jti, expiresAt } = token;
    await this.parts.revocations.raise(
      [{ kind: 'token', raiseId: newId(eventId), tenantId: exchange.tenant.id, reason: 'revoked', jti, expiresAt }],
      contextOf(exchange, client),
    );
  }
}
