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

const eventKey = ({ tenantId, id }: Pick<Sequenced, 'tenantId' | 'id'>) => `${tenantId} ${id}`;

/** Puts a batch into an order that respects each aggregate's versions, starting from what the log knows. */
export function sequence<E extends Sequenced>(batch: readonly E[], known: Known): Sequence<E> {
  const versions = new Map(known.versions);
  const append: E[] = [];
  const stored: E[] = [];
  const refused: E[] = [];
  const early: E[] = [];
  const waiting: E[] = [];
  /** Further ones of what came more than once, whose fate is the first one's: what is not in the log is not confirmed. */
  const copies = new Map<string, E[]>();
  for (const event of batch) {
    const seen = copies.get(eventKey(event));
    if (known.ids.has(event.id)) stored.push(event);
    else if (seen) seen.push(event);
    else {
      copies.set(eventKey(event), []);
      waiting.push(event);
    }
  }
  waiting.sort((a, b) => a.version - b.version);
  for (const event of waiting) {
    const last = versions.get(aggregateKey(event)) ?? 0;
    const again = copies.get(eventKey(event)) ?? [];
    if (event.version === last + 1) {
      append.push(event);
      stored.push(...again);
      versions.set(aggregateKey(event), event.version);
    } else (event.version > last ? early : refused).push(event, ...again);
  }
  return { append, stored, early, refused };
}
