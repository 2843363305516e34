import type { Plane } from './plane.js';

/** One operation that was acknowledged to whoever asked for it, by what the log must say of it. */
export interface Acknowledged {
  /** Types of event, of which one tells it. */
  readonly types: readonly string[];
  /** The `jti` in the event's data, or the id of the aggregate. */
  readonly key: string;
}

interface Told {
  readonly type: string;
  readonly keys: readonly string[];
}

/** An aggregate may be a token itself. */
const keysOf = (aggregate: string, jti: string | null) => [
  ...new Set([aggregate.slice(aggregate.indexOf(':') + 1), ...(jti === null ? [] : [jti])]),
];

/** What a test was told had been done, to be held against the log. */
export class Ledger {
  readonly #entries: Acknowledged[] = [];

  get size(): number {
    return this.#entries.length;
  }

  note(types: string | readonly string[], key: string): void {
    this.#entries.push({ types: typeof types === 'string' ? [types] : types, key });
  }

  countOf(type: string): number {
    return this.#entries.filter(({ types }) => types.includes(type)).length;
  }

  /** What the log does not tell exactly once. */
  async faults(plane: Plane): Promise<string[]> {
    const counts = new Map<string, number>();
    for (const { type, keys } of await this.#told(plane)) {
      for (const key of keys) counts.set(`${type} ${key}`, (counts.get(`${type} ${key}`) ?? 0) + 1);
    }
    return this.#entries.flatMap(({ types, key }) => {
      const count = types.reduce((sum, type) => sum + (counts.get(`${type} ${key}`) ?? 0), 0);
      return count === 1 ? [] : [`${types.join(' or ')} of ${key}: ${count} times`];
    });
  }

  async #told(plane: Plane): Promise<Told[]> {
    return plane.query(async (client) => {
      const { rows } = await client.query<{ type: string; aggregate: string; jti: string | null }>(
        `select type, aggregate, convert_from(leaf, 'UTF8')::jsonb #>> '{data,jti}' as jti from audit.entry`,
      );
      return rows.map(({ type, aggregate, jti }) => ({ type, keys: keysOf(aggregate, jti) }));
    });
  }
}
