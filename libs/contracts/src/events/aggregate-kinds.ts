import type { ServiceName } from '../services.js';
import { catalogueOfEvents } from './catalogue.js';

/**
 * Kinds that events of several services name: whose those aggregates are that have more than one event. Of the others each event is an
 * aggregate of its own, whichever service's.
 */
const ownersOfShared: Readonly<Record<string, ServiceName>> = { client: 'directory' };

/** Kinds that are no event's noun. */
const others: Readonly<Record<string, ServiceName>> = { participation: 'session' };

const services = new Map<string, Set<ServiceName>>(
  Object.entries(others).map(([kind, name]) => [kind, new Set([name])]),
);
for (const { noun, service } of catalogueOfEvents) services.set(noun, (services.get(noun) ?? new Set()).add(service));

/**
 * Whether an event of the service may be one of the aggregate's: each kind is one service's, so that none can take the versions of another's.
 * A kind that is not known is a newer version's, and anybody's.
 */
export function mayHappenTo(service: ServiceName, { aggregate, id }: { aggregate: string; id: string }): boolean {
  const [kind = ''] = aggregate.split(':', 1);
  const known = services.get(kind);
  if (!known) return true;
  if (!known.has(service)) return false;
  return known.size === 1 || ownersOfShared[kind] === service || aggregate === `${kind}:${id}`;
}
