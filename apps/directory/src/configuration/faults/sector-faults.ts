import type { DeclaredClient, DeclaredTenant } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { OutboundFetch } from '@signet/service';
import type { ClientRules } from '../../clients/faults/client-check.js';
import { sectorIdentifier } from '../../clients/faults/uri-checks.js';
import { sectorFault } from '../../clients/sector-identifier.js';
import { findSectors, type StoredSector } from '../plan-statements.js';
import type { Fault } from './fault.js';

interface Dependencies {
  readonly database: Pick<Database, 'execute'>;
  readonly outbound: Pick<OutboundFetch, 'text'>;
  readonly rules: ClientRules;
}

/**
 * What is wrong with what is at the clients' sector_identifier_uri. It is read where it, or a redirect URI, is new: what was
 * held against the file already stands, and no start waits for a client's site. Not for inside a transaction.
 */
export async function findSectorFaults(declared: readonly DeclaredTenant[], on: Dependencies): Promise<Fault[]> {
  const clients = declared.flatMap((tenant) =>
    tenant.clients
      .filter((client) => client.sectorIdentifierUri !== undefined && sectorIdentifier(client, on.rules).length === 0)
      .map((client) => ({ slug: tenant.slug, client })),
  );
  if (clients.length === 0) return [];
  const stored = await on.database.execute(findSectors, { slugs: clients.map(({ slug }) => slug) });
  const judged = clients
    .filter(({ slug, client }) => !stored.some((known) => known.slug === slug && isHeld(client, known)))
    .map(async ({ slug, client }): Promise<Fault[]> => {
      const fault = await sectorFault(client, on.outbound);
      if (!fault) return [];
      const { message, unread } = fault;
      const path = ['tenants', slug, 'clients', client.clientId, 'sectorIdentifierUri'];
      return [{ path, message: unread === undefined ? message : `${message}: ${unread}` }];
    });
  return (await Promise.all(judged)).flat();
}

const isHeld = ({ clientId, sectorIdentifierUri, redirectUris }: DeclaredClient, known: StoredSector): boolean =>
  known.clientId === clientId &&
  known.sectorIdentifierUri === sectorIdentifierUri &&
  redirectUris.every((uri) => known.redirectUris.includes(uri));
