import { clientLogoFetched, tenantId, type TenantId } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { Client } from '@signet/protocol';
import type { EventFactory, OutboundFetch, ServiceLogger } from '@signet/service';
import { imageTypeOf } from './image-type.js';
import { findLogo, findLogoOutcome, keepLogo, type Picture } from './logo-statements.js';

interface Dependencies {
  readonly database: Pick<Database, 'first' | 'run'>;
  readonly events: Pick<EventFactory, 'make'>;
  readonly outbound: Pick<OutboundFetch, 'bytes'>;
  readonly logger: Pick<ServiceLogger, 'warn'>;
}

/** What servers call pictures; what one is, its bytes say. */
const claimed = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/octet-stream'];

/** Logos of clients: each is fetched once, beside the requests of people, and served by us. */
export class Logos {
  readonly #fetching = new Set<string>();

  constructor(private readonly on: Dependencies) {}

  /** Undefined: no such client at that version, or nothing that can be shown, or not yet. */
  find(client: { tenantId: TenantId; clientId: string; version: number }): Promise<Picture | undefined> {
    return this.on.database.first(findLogo, client);
  }

  /** Sees to it that what is at the client's logo_uri becomes known. Never rejects: a page does without a logo. */
  async ensure(client: Client): Promise<void> {
    const { clientId, logoUri: uri } = client;
    if (uri === undefined || client.hasLogo === true || !client.enabled) return;
    const key = JSON.stringify([client.tenantId, clientId, uri]);
    if (this.#fetching.has(key)) return;
    this.#fetching.add(key);
    try {
      await this.#fetch({ tenantId: tenantId.parse(client.tenantId), clientId, uri });
    } catch (error) {
      this.on.logger.warn('client_logo.not_kept', { client: clientId, error });
    } finally {
      this.#fetching.delete(key);
    }
  }

  async #fetch(of: { tenantId: TenantId; clientId: string; uri: string }): Promise<void> {
    const { database, events, outbound } = this.on;
    if (await database.first(findLogoOutcome, of)) return;
    const answer = await outbound.bytes(of.uri, claimed);
    const mediaType = answer.ok ? imageTypeOf(answer.body) : undefined;
    const picture = answer.ok && mediaType !== undefined ? { mediaType, bytes: Buffer.from(answer.body) } : undefined;
    const fetched = events.make(clientLogoFetched, {
      ...{ tenantId: of.tenantId, client: of.clientId, context: { actor: 'service:directory' } },
      data: { shown: picture !== undefined },
      ...(!answer.ok && { reason: answer.fault }),
    });
    await database.run(async (tx) => {
      await tx.execute(keepLogo, { ...of, picture });
      await tx.record(fetched);
    });
  }
}
