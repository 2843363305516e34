import type { ReceivedEvent } from '@signet/messaging';

interface Reference {
  readonly tenantId: string;
  readonly id: string;
}

/** Which objects a batch of the directory's events tells of. */
export interface Changes {
  readonly tenants: ReadonlySet<string>;
  readonly clients: readonly Reference[];
  /** Accounts by name, and tenants all of whose accounts may have changed, since a group or a role did. */
  readonly accounts: { readonly named: readonly Reference[]; readonly ofTenants: ReadonlySet<string> };
  /** By tenant. */
  readonly catalogues: ReadonlySet<string>;
}

export function changesOf(events: readonly ReceivedEvent[]): Changes {
  const tenants = new Set<string>();
  const clients: Reference[] = [];
  const named: Reference[] = [];
  const ofTenants = new Set<string>();
  const catalogues = new Set<string>();
  for (const { envelope } of events) {
    const { tenant: tenantId, aggregate } = envelope;
    const id = aggregate.slice(aggregate.indexOf(':') + 1);
    switch (envelope.type.split('.')[2]) {
      case 'tenant':
        tenants.add(tenantId);
        break;
      case 'client':
      case 'client-logo':
        clients.push({ tenantId, id: envelope.client ?? id });
        break;
      case 'account':
        named.push({ tenantId, id: envelope.subject?.replace(/^account:/, '') ?? id });
        break;
      case 'group':
      case 'role':
        ofTenants.add(tenantId);
        break;
      case 'scope':
      case 'resource-server':
        catalogues.add(tenantId);
        break;
      default:
    }
  }
  return { tenants, clients, accounts: { named, ofTenants }, catalogues };
}
