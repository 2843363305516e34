import { ManagementProblem } from '@signet/service';

export interface ExportLimits {
  readonly perTenant: number;
  readonly altogether: number;
}

/** Each holds what one statement gave in memory until it is read. */
export const exportLimits: ExportLimits = { perTenant: 4, altogether: 16 };

/** Exports under way in this replica: no more than it bears, and no tenant's take the place of all others'. */
export class ExportPlaces {
  readonly #taken = new Map<string, number>();
  #altogether = 0;

  constructor(private readonly limits: ExportLimits = exportLimits) {}

  get count(): number {
    return this.#altogether;
  }

  /** Gives what leaves the place again. Throws a problem where the tenant, or this replica, has as many as it may. */
  enter(tenantId: string): () => void {
    if (this.#altogether >= this.limits.altogether)
      throw full('unavailable', 'This replica has as many exports under way as it bears');
    const taken = this.#taken.get(tenantId) ?? 0;
    if (taken >= this.limits.perTenant)
      throw full('too-many-requests', 'The tenant has as many exports under way as it may');
    this.#taken.set(tenantId, taken + 1);
    this.#altogether += 1;
    return () => {
      const left = (this.#taken.get(tenantId) ?? 1) - 1;
      if (left > 0) this.#taken.set(tenantId, left);
      else this.#taken.delete(tenantId);
      this.#altogether -= 1;
    };
  }
}

const full = (code: 'unavailable' | 'too-many-requests', detail: string): ManagementProblem =>
  new ManagementProblem(code, detail, { headers: { 'Retry-After': '30' } });
