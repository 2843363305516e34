import { clientLogoFetched, tenantId } from '@signet/contracts';
import { callContext } from '@signet/messaging';
import { LOCALES } from '@signet/pages';
import type { Database } from '@signet/persistence';
import { localizedMember, type Client } from '@signet/protocol';
import type { EventFactory, OutboundFetch, ServiceLogger } from '@signet/service';
import { imageTypeOf } from './image-type.js';
import { findLogo, findLogoOutcome, keepLogo, type LogoKey, type Picture } from './logo-statements.js';

interface Dependencies {
  readonly database: Pick<Database, 'first' | 'run'>;
  readonly events: Pick<EventFactory, 'make'>;
  readonly outbound: Pick<OutboundFetch, 'bytes'>;
  readonly logger: Pick<ServiceLogger, 'warn'>;
}

/** What servers call pictures; what one is, its bytes say. */
const claimed = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/octet-stream'];

/** Under way at once: beyond them the next request for the client tries again. Whoever registers clients chooses how slowly a logo comes. */
const mostFetches = 20;

interface Logo {
  /** By its name on the wire. */
  readonly member: string;
  readonly uri: string;
}

/** What a page may show. One for each language of ours at most, however many a client registers. */
function logosOf({ logoUri, localized }: Client): Logo[] {
  const inLanguages = LOCALES.map((language) => localizedMember(localized, 'logo_uri', language));
  return [
    ...(logoUri === undefined ? [] : [{ member: 'logo_uri', uri: logoUri }]),
    ...inLanguages.flatMap((member) => {
      const uri = member === undefined ? undefined : localized?.[member];
      return member === undefined || uri === undefined ? [] : [{ member, uri }];
    }),
  ];
}

/** Logos of clients: each is fetched once, beside the requests of people, and served by us. */
export class Logos {
  readonly #fetching = new Set<string>();

  constructor(private readonly on: Dependencies) {}

  /** Undefined: no such client at that version, or nothing that can be shown, or not yet. */
  find(logo: LogoKey & { version: number }): Promise<Picture | undefined> {
    return this.on.database.first(findLogo, logo);
  }

  /** Sees to it that what is at the client's logo_uri members becomes known. Never rejects: a page does without a logo. */
  async ensure(client: Client): Promise<void> {
    if (!client.enabled) return;
    const missing = logosOf(client).filter(({ member }) => client.shownLogos?.includes(member) !== true);
    await Promise.all(missing.map((logo) => this.#ensure(client, logo)));
  }

  async #ensure({ tenantId: tenant, clientId }: Client, { member, uri }: Logo): Promise<void> {
    const key = JSON.stringify([tenant, clientId, member, uri]);
    if (this.#fetching.has(key) || this.#fetching.size >= mostFetches) return;
    this.#fetching.add(key);
    try {
      await this.#fetch({ tenantId: tenantId.parse(tenant), clientId, member, uri });
    } catch (error) {
      this.on.logger.warn('client_logo.not_kept', { client: clientId, member, error });
    } finally {
      this.#fetching.delete(key);
    }
  }

  async #fetch(of: LogoKey & Logo): Promise<void> {
    const { database, events, outbound } = this.on;
    if (await database.first(findLogoOutcome, of)) return;
    // Beside the call that asked for the client, which has less time than a picture may take.
    const answer = await callContext.exit(() => outbound.bytes(of.uri, claimed));
    const mediaType = answer.ok ? imageTypeOf(answer.body) : undefined;
    const picture = answer.ok && mediaType !== undefined ? { mediaType, bytes: Buffer.from(answer.body) } : undefined;
    const fetched = events.make(clientLogoFetched, {
      ...{ tenantId: of.tenantId, client: of.clientId, context: { actor: 'service:directory' } },
      data: { shown: picture !== undefined, member: of.member },
      ...(!answer.ok && { reason: answer.fault }),
    });
    await database.run(async (tx) => {
      await tx.execute(keepLogo, { ...of, picture });
      await tx.record(fetched);
    });
  }
}
