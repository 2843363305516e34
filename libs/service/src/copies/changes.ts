import type { ReceivedEvent } from '@signet/messaging';

interface Reference {
  readonly tenantId: string;
  readonly id: string;
}

/** Which objects a batch of the directory's events tells of. */
export interface Changes {
  readonly tenants: ReadonlySet<string>;
  readonly clients: readonly Reference[];
  readonly accounts: readonly Reference[];
  /** Tenants in which a role, or what many have roles by, changed: whoever is in them may do something else. */
  readonly authorities: ReadonlySet<string>;
  /** By tenant. */
  readonly catalogues: ReadonlySet<string>;
}

export function changesOf(events: readonly ReceivedEvent[]): Changes {
  const tenants = new Set<string>();
  const clients: Reference[] = [];
  const accounts: Reference[] = [];
  const authorities = new Set<string>();
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
        accounts.push({ tenantId, id: envelope.subject?.replace(/^account:/, '') ?? id });
        break;
      case 'group':
      case 'organisation':
      case 'role':
        authorities.add(tenantId);
        break;
      case 'scope':
      case 'resource-server':
        catalogues.add(tenantId);
        break;
      default:
    }
  }
  return { tenants, clients, accounts, authorities, catalogues };
}
