import type { DeclaredClient, TenantId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { EntityTransaction } from '@signet/persistence';
import { In } from 'typeorm';
import type { ClientSecrets, KeptSecret } from '../../clients/client-secrets.js';
import { concealedMembers } from '../../clients/client-view.js';
import { clientEntity, clientRoleEntity, clientSecretEntity, type ClientRow } from '../../store/client-entities.js';
import { metadataOf } from '../../store/client-metadata.js';
import type { TenantRow } from '../../store/tenant-entity.js';
import type { ChangeLog } from '../../changes/change-log.js';
import { difference } from '../../changes/difference.js';
import type { StoredTenant } from '../stored-state.js';
import { giveRoles, sortedNames } from './give-roles.js';

type Columns = Omit<ClientRow, 'tenantId' | 'clientId' | 'version'>;

const columnsOf = (client: Omit<DeclaredClient, 'secretHashes' | 'roles'> | ClientRow): Columns => ({
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
  // Who declares a client vouches for it, one that registered itself too.
  registration: 'registration' in client ? client.registration : 'operator',
  metadata: 'metadata' in client ? client.metadata : metadataOf(client),
});

/** As an event tells of it: each member by its own name. */
const viewOf = ({ metadata, ...columns }: Columns, roles: readonly string[], secrets: readonly KeptSecret[]) => ({
  ...columns,
  ...metadata,
  roles: sortedNames(roles),
  secretHashes: formsOf(secrets),
});

export async function reconcileClients(
  tx: EntityTransaction,
  log: ChangeLog,
  { id: tenantId, issuer }: Pick<TenantRow, 'id' | 'issuer'>,
  declared: readonly DeclaredClient[],
  stored: StoredTenant,
  {
    secrets: secretsOf,
    roles,
  }: { readonly secrets: Pick<ClientSecrets, 'keepDeclared'>; readonly roles: ReadonlyMap<string, string> },
): Promise<void> {
  for (const client of declared) {
    const { clientId } = client;
    const columns = columnsOf(client);
    const secrets = secretsOf.keepDeclared({ tenantId, clientId }, issuer, client);
    if (!secrets) throw new MeshError('invalid_argument', `a sealed secret of the client ${clientId} does not open`);
    const subject = { kind: 'client', tenantId, id: clientId } as const;
    const row = stored.clients.get(clientId);
    if (!row) {
      await tx.manager.insert(clientEntity, { ...columns, tenantId, clientId, version: 1 });
      await setSecrets(tx, { tenantId, clientId }, [], secrets);
      await giveRoles(tx, clientRoleEntity, { tenantId, clientId }, client.roles, roles);
      log.created(subject, viewOf(columns, client.roles, secrets), concealedMembers);
      continue;
    }
    const change = difference(
      viewOf(columnsOf(row), row.roles, row.secrets),
      viewOf(columns, client.roles, secrets),
      concealedMembers,
    );
    if (!change) continue;
    const version = log.updated(subject, row.version, change, row.enabled && !columns.enabled);
    await tx.manager.update(clientEntity, { tenantId, clientId }, { ...columns, version });
    await setSecrets(tx, { tenantId, clientId }, row.secrets, secrets);
    if (change.changed.includes('roles')) {
      await giveRoles(tx, clientRoleEntity, { tenantId, clientId }, client.roles, roles);
    }
  }
}

/** What tells one kept secret from another: sealing the same one again gives other bytes. */
const formOf = ({ hash, sealed }: KeptSecret): string => (sealed ? `${hash} sealed` : hash);
const formsOf = (secrets: readonly KeptSecret[]): string[] => secrets.map(formOf).sort();

async function setSecrets(
  tx: EntityTransaction,
  client: { tenantId: TenantId; clientId: string },
  before: readonly KeptSecret[],
  after: readonly KeptSecret[],
): Promise<void> {
  const without = (list: readonly KeptSecret[], others: readonly KeptSecret[]) =>
    list.filter((secret) => !formsOf(others).includes(formOf(secret)));
  const rows = (secrets: readonly KeptSecret[]) =>
    secrets.map(({ hash, sealed = null }) => ({ hash: Buffer.from(hash, 'base64url'), sealed }));
  const gone = rows(without(before, after));
  const added = rows(without(after, before));
  if (gone.length > 0)
    await tx.manager.delete(clientSecretEntity, { ...client, hash: In(gone.map(({ hash }) => hash)) });
  if (added.length > 0) {
    await tx.manager.insert(
      clientSecretEntity,
      added.map((secret) => ({ ...client, ...secret })),
    );
  }
}
