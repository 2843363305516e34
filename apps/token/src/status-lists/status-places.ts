import type { Tenant } from '@signet/contracts';
import type { ResourceServer } from '@signet/protocol';
import type { StatusIndices } from './status-indices.js';

/** A place that the access token of one request gets where its audience wants it, as the statement that issues it is given it. */
export interface ReservedPlace {
  readonly index: number;
  readonly jti: string;
  /** Seconds that the token lives at most. */
  readonly lifetime: number;
  /** Identifiers of the resource servers that want it. */
  readonly servers: readonly string[];
  /** The scopes that lead to one of them. */
  readonly scopes: readonly string[];
}

/** Places in the status lists of one request's tenant. */
export class StatusPlaces {
  constructor(
    private readonly indices: Pick<StatusIndices, 'take' | 'giveBack'>,
    private readonly tenant: Tenant,
    private readonly resourceServers: () => readonly ResourceServer[],
  ) {}

  /** For what may be for any of the tenant's resource servers: undefined where none of them wants it. */
  async reserve(jti: string): Promise<ReservedPlace | undefined> {
    const wanting = this.resourceServers().filter(({ statusList }) => statusList === true);
    if (wanting.length === 0) return undefined;
    return {
      index: await this.indices.take(this.tenant.id),
      jti,
      lifetime: this.tenant.policies.accessToken.lifetime,
      servers: wanting.map(({ identifier }) => identifier),
      scopes: wanting.flatMap(({ scopes }) => scopes),
    };
  }

  /** As `reserve`, for what is for this audience. */
  async reserveFor(audience: readonly string[], jti: string): Promise<ReservedPlace | undefined> {
    const wanted = this.resourceServers().some(
      ({ statusList, identifier }) => statusList === true && audience.includes(identifier),
    );
    return wanted ? this.reserve(jti) : undefined;
  }

  /** The index that was `taken`, as the statement says. One that was not goes to another token. */
  settle(place: ReservedPlace | undefined, taken: boolean): number | undefined {
    if (place === undefined) return undefined;
    if (taken) return place.index;
    this.indices.giveBack(this.tenant.id, place.index);
    return undefined;
  }
}
