/** What decides when an event's turn has come. */
export interface Sequenced {
  readonly id: string;
  readonly tenantId: string;
  readonly aggregate: string;
  readonly version: number;
}

export interface Known {
  /** Ids that the log holds. */
  readonly ids: ReadonlySet<string>;
  /** The last version of each aggregate, by `aggregateKey`. */
  readonly versions: ReadonlyMap<string, number>;
}

export interface Sequence<E extends Sequenced> {
  /** To append, in this order. */
  readonly append: readonly E[];
  /** In the log already. */
  readonly stored: readonly E[];
  /** Ahead of their turn: a version before them is missing. */
  readonly early: readonly E[];
  /** Another event took their version: a fault of their producer, never appended. */
  readonly refused: readonly E[];
}

export const aggregateKey = ({ tenantId, aggregate }: Pick<Sequenced, 'tenantId' | 'aggregate'>) =>
  `${tenantId} ${aggregate}`;

/** Puts a batch into an order that respects each aggregate's versions, starting from what the log knows. */
export function sequence<E extends Sequenced>(batch: readonly E[], known: Known): Sequence<E> {
  const versions = new Map(known.versions);
  const ids = new Set(known.ids);
  const append: E[] = [];
  const stored: E[] = [];
  const refused: E[] = [];
  const early: E[] = [];
  const waiting: E[] = [];
  for (const event of batch) {
    if (ids.has(event.id)) stored.push(event);
    else {
      ids.add(event.id);
      waiting.push(event);
    }
  }
  waiting.sort((a, b) => a.version - b.version);
  for (const event of waiting) {
    const last = versions.get(aggregateKey(event)) ?? 0;
    if (event.version === last + 1) {
      append.push(event);
      versions.set(aggregateKey(event), event.version);
    } else (event.version > last ? early : refused).push(event);
  }
  return { append, stored, early, refused };
}
