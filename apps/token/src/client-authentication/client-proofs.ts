import { pathAt, type Tenant } from '@signet/contracts';
import type { Database, DatabaseClock } from '@signet/persistence';
import type { ClientAssertions, ClientJwts, SpentAssertions } from '@signet/protocol';
import { endpointsOf } from '../discovery/endpoints.js';
import { spendAssertion } from './store/spend-assertion.js';

/** What every endpoint that authenticates clients judges assertions by, for the tenant and the path that it was called at. */
export class ClientProofs {
  constructor(
    private readonly deps: {
      readonly database: Pick<Database, 'first'>;
      readonly clock: DatabaseClock;
      readonly jwts: ClientJwts;
    },
  ) {}

  at(tenant: Pick<Tenant, 'id' | 'issuer' | 'slug'>, path: string): ClientAssertions {
    const { jwts, clock } = this.deps;
    const endpoints = endpointsOf(tenant);
    return {
      jwts,
      clock,
      recipients: {
        issuer: tenant.issuer,
        tokenEndpoint: endpoints.token,
        endpoint: new URL(tenant.issuer).origin + pathAt(tenant, path),
        endpoints: Object.values({ ...endpoints }),
      },
      spent: this.#spentAt(tenant),
    };
  }

  #spentAt({ id }: Pick<Tenant, 'id'>): SpentAssertions {
    return {
      spend: async (assertion) =>
        (await this.deps.database.first(spendAssertion, { tenantId: id, ...assertion })) !== undefined,
    };
  }
}
