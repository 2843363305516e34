import {
  clientId as clientIdSchema,
  findAccount,
  findCatalogue,
  findClient,
  findClientWithSecrets,
  findTenant,
  slug as slugSchema,
  type Account,
  type AccountId,
  type Catalogue,
  type Request,
  type Tenant,
  type TenantId,
} from '@signet/contracts';
import { callContext, MeshError, runWithContext, type ReceivedEvent, type Requester } from '@signet/messaging';
import type { Authority, Client, ClientWithSecrets } from '@signet/protocol';
import type { z } from 'zod';
import { changesOf } from './changes.js';
import { CopyCache, type CopyUse } from './copy-cache.js';

export interface DirectoryCopiesOptions {
  readonly requester: Pick<Requester, 'request'>;
  readonly onUse?: (kind: CopyKind, use: CopyUse) => void;
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number;
}

export type CopyKind = 'tenant' | 'client' | 'client_with_secrets' | 'catalogue' | 'account';

/** Milliseconds; a reading is shared, so it has a deadline of its own and nobody's. */
const readTimeout = 1_500;
const separator = ' ';
const keyOf = (tenantId: string, id: string) => `${tenantId}${separator}${id}`;
const splitKey = (key: string): [string, string] => {
  const at = key.indexOf(separator);
  return [key.slice(0, at), key.slice(at + 1)];
};

/**
 * Copies of what the directory owns: fresh for a minute, read anew when an event tells of a change, serving for an hour while the directory is away.
 * Every method gives undefined for what is not there, and throws MeshError `unavailable` where neither a copy nor the directory can say. Does not judge
 * whether a tenant, client or account is enabled. `minVersion`, `minAuthority`: of revocation floors; an older copy is not used.
 */
export class DirectoryCopies {
  readonly #requester: Pick<Requester, 'request'>;
  readonly #tenantsBySlug: CopyCache<Tenant>;
  readonly #tenantsById: CopyCache<Tenant>;
  readonly #clients: CopyCache<Client>;
  readonly #clientsWithSecrets: CopyCache<ClientWithSecrets>;
  readonly #catalogues: CopyCache<Catalogue>;
  readonly #accounts: CopyCache<Account>;

  constructor(options: DirectoryCopiesOptions) {
    this.#requester = options.requester;
    const { monotonic = () => performance.now(), onUse } = options;
    const cache = <T extends { version: number; authority?: Authority | undefined }>(
      kind: CopyKind,
      most: number,
      read: (key: string) => Promise<T | undefined>,
    ) =>
      new CopyCache<T>({
        read,
        most,
        monotonic,
        versionsOf: ({ version, authority }) => [version, authority?.version ?? 0],
        onUse: (use) => onUse?.(kind, use),
      });

    this.#tenantsBySlug = cache('tenant', 5_000, (slug) => this.#find(findTenant, { slug }));
    this.#tenantsById = cache('tenant', 5_000, (id) => this.#find(findTenant, { tenantId: id }));
    this.#clients = cache('client', 20_000, (key) => this.#find(findClient, clientOf(key)));
    this.#clientsWithSecrets = cache('client_with_secrets', 20_000, (key) =>
      this.#find(findClientWithSecrets, clientOf(key)),
    );
    this.#catalogues = cache('catalogue', 2_000, (id) => this.#find(findCatalogue, { tenantId: id }));
    this.#accounts = cache('account', 50_000, (key) => {
      const [tenantId, accountId] = splitKey(key);
      return this.#find(findAccount, { tenantId: tenantId, accountId: accountId });
    });
  }

  async tenantBySlug(slug: string): Promise<Tenant | undefined> {
    return slugSchema.safeParse(slug).success ? this.#tenantsBySlug.get(slug) : undefined;
  }

  tenantById(id: TenantId, minVersion?: number): Promise<Tenant | undefined> {
    return this.#tenantsById.get(id, [minVersion]);
  }

  async client(tenantId: TenantId, clientId: string, minVersion?: number): Promise<Client | undefined> {
    return isClientId(clientId) ? this.#clients.get(keyOf(tenantId, clientId), [minVersion]) : undefined;
  }

  /** For the token service alone, which authenticates clients. */
  async clientWithSecrets(
    tenantId: TenantId,
    clientId: string,
    minVersion?: number,
    minAuthority?: number,
  ): Promise<ClientWithSecrets | undefined> {
    if (!isClientId(clientId)) return undefined;
    return this.#clientsWithSecrets.get(keyOf(tenantId, clientId), [minVersion, minAuthority]);
  }

  catalogue(tenantId: TenantId): Promise<Catalogue | undefined> {
    return this.#catalogues.get(tenantId);
  }

  account(
    tenantId: TenantId,
    accountId: AccountId,
    minVersion?: number,
    minAuthority?: number,
  ): Promise<Account | undefined> {
    return this.#accounts.get(keyOf(tenantId, accountId), [minVersion, minAuthority]);
  }

  /** Takes the directory's events: what they tell of is read anew at its next use. */
  apply(events: readonly ReceivedEvent[]): void {
    const { tenants, clients, accounts, authorities, catalogues } = changesOf(events);
    for (const { tenantId, id } of clients) {
      this.#clients.outdate(keyOf(tenantId, id));
      this.#clientsWithSecrets.outdate(keyOf(tenantId, id));
    }
    for (const { tenantId, id } of accounts) this.#accounts.outdate(keyOf(tenantId, id));
    for (const tenantId of catalogues) this.#catalogues.outdate(tenantId);
    for (const tenantId of tenants) this.#tenantsById.outdate(tenantId);
    if (tenants.size > 0) this.#tenantsBySlug.outdateWhere((_, tenant) => !tenant || tenants.has(tenant.id));
    if (authorities.size > 0) {
      for (const copies of [this.#accounts, this.#clients, this.#clientsWithSecrets])
        copies.outdateWhere((key) => authorities.has(splitKey(key)[0]));
    }
  }

  async #find<Q extends z.ZodType, A extends z.ZodType>(
    contract: Request<Q, A>,
    input: z.input<Q>,
  ): Promise<z.output<A> | undefined> {
    const traceparent = callContext.getStore()?.traceparent;
    const ask = () => this.#requester.request(contract, input);
    try {
      return await runWithContext({ traceparent, deadline: Date.now() + readTimeout }, ask);
    } catch (error) {
      if (error instanceof MeshError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

const isClientId = (clientId: string): boolean => clientIdSchema.safeParse(clientId).success;

function clientOf(key: string): { tenantId: TenantId; clientId: string } {
  const [tenantId, clientId] = splitKey(key);
  return { tenantId: tenantId as TenantId, clientId };
}
