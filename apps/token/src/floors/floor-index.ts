import type { FloorKind, Micros } from '@signet/contracts';
import type { FloorLookup, StandingFloor } from './dead.js';

/** A floor as token's table has it. */
export interface FloorRow extends StandingFloor {
  readonly tenantId: string;
  readonly kind: FloorKind;
  readonly key: string;
  /** When it was committed or re-dated, by Postgres' time. */
  readonly changedAt: Micros;
}

/** Floors in memory. Their number is the operator's doing, not an attacker's; who fills it holds the ceiling. */
export class FloorIndex {
  readonly #tenants = new Map<string, Map<string, FloorRow>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  readonly lookup: FloorLookup = (tenantId, kind, key) => this.#tenants.get(tenantId)?.get(name(kind, key));

  /** True where it is news. A floor that was read before a change that is known already says nothing. */
  apply(row: FloorRow): boolean {
    let tenant = this.#tenants.get(row.tenantId);
    if (tenant === undefined) this.#tenants.set(row.tenantId, (tenant = new Map<string, FloorRow>()));
    const known = tenant.get(name(row.kind, row.key));
    if (known !== undefined && known.changedAt > row.changedAt) return false;
    if (known === undefined) this.#size++;
    tenant.set(name(row.kind, row.key), row);
    return known?.changedAt !== row.changedAt;
  }

  /** Drops what was last changed before `instant`. */
  forget(instant: Micros): void {
    for (const [tenantId, tenant] of this.#tenants) {
      for (const [key, row] of tenant) {
        if (row.changedAt < instant && tenant.delete(key)) this.#size--;
      }
      if (tenant.size === 0) this.#tenants.delete(tenantId);
    }
  }

  clear(): void {
    this.#tenants.clear();
    this.#size = 0;
  }
}

function name(kind: FloorKind, key: string): string {
  return `${kind} ${key}`;
}
