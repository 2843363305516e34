import type { TenantId } from '@signet/contracts';
import { ManagementProblem } from '@signet/service';
import type { Credential } from '../streaming/judgement.js';
import type { Judgements } from '../streaming/judgements.js';

export interface ExportLimits {
  readonly perTenant: number;
  readonly altogether: number;
}

/** Each holds what one statement gave in memory until it is read. */
export const exportLimits: ExportLimits = { perTenant: 4, altogether: 16 };

export interface ExportPlace {
  /** Aborted, with the reason, when what the export was asked for with is good no more. */
  readonly judged: AbortSignal;
  readonly leave: () => void;
}

/** Exports under way in this replica: no more than it bears, no tenant's in the place of all others', each for as long as its credential is good. */
export class ExportPlaces {
  readonly #taken = new Map<string, number>();
  #altogether = 0;

  constructor(
    private readonly judgements: Pick<Judgements, 'watch'>,
    private readonly limits: ExportLimits = exportLimits,
  ) {}

  get count(): number {
    return this.#altogether;
  }

  /** Throws a problem where the tenant, or this replica, has as many as it may. */
  enter(tenantId: TenantId, credential: Credential): ExportPlace {
    if (this.#altogether >= this.limits.altogether)
      throw full('unavailable', 'This replica has as many exports under way as it bears');
    const taken = this.#taken.get(tenantId) ?? 0;
    if (taken >= this.limits.perTenant)
      throw full('too-many-requests', 'The tenant has as many exports under way as it may');
    this.#taken.set(tenantId, taken + 1);
    this.#altogether += 1;
    const judged = new AbortController();
    const unwatch = this.judgements.watch(tenantId, credential, (reason) => {
      judged.abort(reason);
    });
    return {
      judged: judged.signal,
      leave: () => {
        unwatch();
        const left = (this.#taken.get(tenantId) ?? 1) - 1;
        if (left > 0) this.#taken.set(tenantId, left);
        else this.#taken.delete(tenantId);
        this.#altogether -= 1;
      },
    };
  }
}

const full = (code: 'unavailable' | 'too-many-requests', detail: string): ManagementProblem =>
  new ManagementProblem(code, detail, { headers: { 'Retry-After': '30' } });
