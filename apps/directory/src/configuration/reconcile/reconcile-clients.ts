import type { DeclaredClient, TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { In } from 'typeorm';
import { clientEntity, clientSecretEntity, metadataOf, type ClientRow } from '../../store/client-entities.js';
import type { ChangeLog } from '../change-log.js';
import { difference } from '../difference.js';
import type { StoredTenant } from '../stored-state.js';

/** Told of by name alone. */
const concealed = ['secretHashes'];

type Columns = Omit<ClientRow, 'tenantId' | 'clientId' | 'version'>;

const columnsOf = (client: Omit<DeclaredClient, 'secretHashes'> | ClientRow): Columns => ({
  enabled: client.enabled,
  name: client.name,
  clientUri: client.clientUri ?? null,
  redirectUris: client.redirectUris,
  postLogoutRedirectUris: client.postLogoutRedirectUris,
  grantTypes: client.grantTypes,
  responseTypes: client.responseTypes,
  tokenEndpointAuthMethod: client.tokenEndpointAuthMethod,
  requirePkce: client.requirePkce,
  scopes: client.scopes,
  idTokenSignedResponseAlg: client.idTokenSignedResponseAlg,
  accessTokenAlg: client.accessTokenAlg ?? null,
  consent: client.consent,
  profile: client.profile,
  defaultMaxAge: client.defaultMaxAge ?? null,
  requireAuthTime: client.requireAuthTime,
  introspects: client.introspects,
  metadata: 'metadata' in client ? client.metadata : metadataOf(client),
});

/** As an event tells of it: each member by its own name. */
const viewOf = ({ metadata, ...columns }: Columns) => ({ ...columns, ...metadata });

export async function reconcileClients(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  declared: readonly DeclaredClient[],
  stored: StoredTenant | undefined,
): Promise<void> {
  for (const client of declared) {
    const { clientId } = client;
    const columns = columnsOf(client);
    const secretHashes = [...new Set(client.secretHashes)].sort();
    const subject = { kind: 'client', tenantId, id: clientId } as const;
    const row = stored?.clients.get(clientId);
    if (!row) {
      await tx.manager.insert(clientEntity, { ...columns, tenantId, clientId, version: 1 });
      await setSecrets(tx, { tenantId, clientId }, [], secretHashes);
      log.created(subject, { ...viewOf(columns), secretHashes }, concealed);
      continue;
    }
    const change = difference(
      { ...viewOf(columnsOf(row)), secretHashes: [...row.secretHashes].sort() },
      { ...viewOf(columns), secretHashes },
      concealed,
    );
    if (!change) continue;
    const version = log.updated(subject, row.version, change, row.enabled && !columns.enabled);
    await tx.manager.update(clientEntity, { tenantId, clientId }, { ...columns, version });
    await setSecrets(tx, { tenantId, clientId }, row.secretHashes, secretHashes);
  }
}

async function setSecrets(
  tx: EntityTransaction,
  client: { tenantId: TenantId; clientId: string },
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  const bytes = (hashes: readonly string[]) => hashes.map((hash) => Buffer.from(hash, 'base64url'));
  const gone = before.filter((hash) => !after.includes(hash));
  const added = after.filter((hash) => !before.includes(hash));
  if (gone.length > 0) await tx.manager.delete(clientSecretEntity, { ...client, hash: In(bytes(gone)) });
  if (added.length > 0) {
    await tx.manager.insert(
      clientSecretEntity,
      bytes(added).map((hash) => ({ ...client, hash })),
    );
  }
}
