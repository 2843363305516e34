import type { DeclaredClient, managedClient, TenantId } from '@signet/contracts';
import { randomText, systemRandom } from '@signet/keys';
import { bytea, statement, type Database, type Transaction } from '@signet/persistence';
import { clientMetadataOf, type Client } from '@signet/protocol';
import { ManagementProblem, nothingThere, type Caller, type OutboundFetch } from '@signet/service';
import { z } from 'zod';
import type { ClientSecrets, KeptSecret } from '../clients/client-secrets.js';
import { sectorFault } from '../clients/sector-identifier.js';
import type { Writing } from './directory-writes.js';
import { findObject } from './object-statements.js';

type Managed = z.output<typeof managedClient> & { readonly client_id: string };

export interface MadeClient {
  readonly client: DeclaredClient;
  readonly kept: readonly KeptSecret[];
}

interface Sector {
  readonly uri: string | undefined;
  readonly redirectUris: readonly string[];
}

/** The newest first. */
const findSecrets = statement<{ tenantId: TenantId; clientId: string }, { hash: Buffer; sealed: Buffer | null }>({
  name: 'directory.managed.client.secrets',
  text: `select hash, sealed from client_secret where tenant_id = $1 and client_id = $2 order by created_at desc, hash`,
  parameters: (p) => [p.tenantId, p.clientId],
  row: z.object({ hash: bytea, sealed: bytea.nullable() }) as unknown as z.ZodType<{
    hash: Buffer;
    sealed: Buffer | null;
  }>,
});

/** Bytes. RFC 7518 section 3.2: the key of a MAC is as long as its hash; the key is the secret's text. */
const lengthOf = ({ tokenEndpointAuthSigningAlg: alg }: DeclaredClient): number =>
  alg === 'HS384' || alg === 'HS512' ? 64 : 32;

/** Clients as an administrator writes them: their secrets are made here, and shown once. */
export class ClientChanges {
  constructor(
    private readonly on: {
      readonly database: Pick<Database, 'first'>;
      readonly secrets: ClientSecrets;
      readonly outbound: Pick<OutboundFetch, 'text'>;
    },
  ) {}

  secretsOf({ tx, tenantId }: Pick<Writing, 'tx' | 'tenantId'>, clientId: string): Promise<KeptSecret[]> {
    return readSecrets(tx, tenantId, clientId);
  }

  /** `before`: the secrets that it has. Those that do not serve any more are gone; it is issued one where it needs one and has none. */
  made(
    tenantId: TenantId,
    managed: Managed,
    before: readonly KeptSecret[] | undefined,
  ): MadeClient & { readonly issued?: string } {
    const client = declaredOf(managed);
    const { tokenEndpointAuthMethod: method } = client;
    if (!method.startsWith('client_secret_')) return { client, kept: [] };
    const serving = (before ?? []).flatMap(({ hash, sealed }): KeptSecret[] => {
      if (method !== 'client_secret_jwt') return [{ hash }];
      return sealed ? [{ hash, sealed }] : [];
    });
    if (serving.length > 0) return { client: withSecrets(client, serving), kept: serving };
    const { kept, issued } = this.#issue(tenantId, client);
    return { client: withSecrets(client, [kept]), kept: [kept], issued };
  }

  /** A new secret before the one that was the newest, or instead of all. */
  rotated(
    tenantId: TenantId,
    managed: Managed,
    before: readonly KeptSecret[],
    endsOthers: boolean,
  ): MadeClient & { readonly issued: string } {
    const client = declaredOf(managed);
    const { tokenEndpointAuthMethod: method } = client;
    if (!method.startsWith('client_secret_')) throw new ManagementProblem('conflict', `${method} has no secret`);
    const { kept: fresh, issued } = this.#issue(tenantId, client);
    const kept = endsOthers ? [fresh] : [fresh, ...before.slice(0, 1)];
    return { client: withSecrets(client, kept), kept, issued };
  }

  /** What lies at a sector_identifier_uri is fetched before a transaction, not within. */
  async ensureSector(client: Pick<Client, 'sectorIdentifierUri' | 'redirectUris'>): Promise<void> {
    const fault = await sectorFault(client, this.on.outbound);
    if (!fault) return;
    throw new ManagementProblem('invalid-object', 'The object is not valid', {
      errors: [{ pointer: '/sector_identifier_uri', detail: fault.message }],
    });
  }

  /** The same for what a change makes of the client as it is now. Gives what was seen to. */
  async ensureSectorOf(caller: Caller, clientId: string, wantedOf: (object: unknown) => Managed): Promise<Sector> {
    const asked = { tenantId: caller.tenant.id, id: clientId, conditions: {} };
    const found = await this.on.database.first(findObject('clients', {}), asked);
    if (!found) throw nothingThere();
    const client = declaredOf(wantedOf(found.object));
    await this.ensureSector(client);
    return { uri: client.sectorIdentifierUri, redirectUris: client.redirectUris };
  }

  ensureSeen(seen: Sector, { sectorIdentifierUri: uri, redirectUris }: DeclaredClient): void {
    if (uri === undefined || JSON.stringify(seen) === JSON.stringify({ uri, redirectUris })) return;
    throw new ManagementProblem('conflict', 'The client was changed at the same time');
  }

  #issue(tenantId: TenantId, client: DeclaredClient): { kept: KeptSecret; issued: string } {
    const issued = randomText(systemRandom, lengthOf(client));
    return { issued, kept: this.on.secrets.keep({ tenantId, clientId: client.clientId }, client, issued) };
  }
}

function declaredOf(managed: Managed): DeclaredClient {
  const { client_id: clientId } = managed;
  return {
    ...clientMetadataOf(managed, { name: clientId, scopes: ['openid'] }),
    clientId,
    requirePkce: managed.require_pkce,
    consent: managed.consent,
    profile: managed.profile,
    introspects: managed.introspects,
    roles: managed.roles,
    enabled: managed.enabled,
    secretHashes: [],
  };
}

/** What is sealed is kept as it is; a declaration only says that there is as much of it. */
const withSecrets = (client: DeclaredClient, kept: readonly KeptSecret[]): DeclaredClient => ({
  ...client,
  secretHashes: kept.map(({ hash }) => hash),
  ...(client.tokenEndpointAuthMethod === 'client_secret_jwt' && { sealedSecrets: kept.map(({ hash }) => hash) }),
});

async function readSecrets(
  tx: Pick<Transaction, 'execute'>,
  tenantId: TenantId,
  clientId: string,
): Promise<KeptSecret[]> {
  const rows = await tx.execute(findSecrets, { tenantId, clientId });
  return rows.map(({ hash, sealed }) => ({
    hash: Buffer.from(hash).toString('base64url'),
    ...(sealed && { sealed: Buffer.from(sealed) }),
  }));
}
