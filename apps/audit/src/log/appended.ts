import type { TenantId } from '@signet/contracts';

export type AppendedListener = (tenants: ReadonlySet<TenantId>) => void;

/**
 * Tells within this process that tenants' logs have grown. Only the writer's replica hears it, and nothing is told twice:
 * whoever must not miss an entry looks by itself as well.
 */
export class Appended {
  readonly #listeners = new Set<AppendedListener>();

  tell(tenants: ReadonlySet<TenantId>): void {
    for (const listener of this.#listeners) listener(tenants);
  }

  /** Gives what ends it. */
  on(listener: AppendedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
