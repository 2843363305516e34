import { catalogueOfEvents, type eventOperations } from '@signet/contracts';
import { ManagementProblem } from '@signet/service';
import type { z } from 'zod';
import type { NetworkIndex } from '../personal/network-index.js';
import type { EntryFilters } from '../reading/find-entries.js';

export type AskedFilters = Omit<z.output<typeof eventOperations.list.query>, 'limit' | 'cursor' | 'order' | 'personal'>;

/** The filters as the log has what they name. Throws ManagementProblem for what names nothing that there could be. */
export function filtersOf(
  tenantId: string,
  { since, until, type, network, actor, account, client, session, outcome, trace, aggregate }: AskedFilters,
  networks: Pick<NetworkIndex, 'asked'>,
): EntryFilters {
  const place = network === undefined ? undefined : networks.asked(tenantId, network);
  if (network !== undefined && !place) throw invalid('network', 'is no address, /24 or /48');
  const types = type === undefined ? undefined : typesOf(type);
  if (type !== undefined && !types) throw invalid('type', 'no type of event begins so');
  return {
    ...{ tenantId, actor, account, client, session, outcome, trace, aggregate },
    types,
    network: place,
    since: since === undefined ? undefined : firstMillisecond(since),
    until: until === undefined ? undefined : firstMillisecond(until),
  };
}

/** Types that a newer version of a service has are found by their whole name alone. Undefined where no type begins so. */
export function typesOf(asked: string): readonly string[] | undefined {
  if (!asked.endsWith('.*')) return [asked];
  const types = catalogueOfEvents.map(({ type }) => type).filter((type) => type.startsWith(asked.slice(0, -1)));
  return types.length > 0 ? types : undefined;
}

/** RFC 3339 has finer fractions than an event's time: of an instant within a millisecond, the next one. */
export function firstMillisecond(instant: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(instant) ?? [];
  return Date.parse(instant) + (/^\d{3}\d*[1-9]/.test(fraction) ? 1 : 0);
}

/** As the event of reading tells them: an address is personal. */
export function toldFilters(asked: Partial<Record<keyof AskedFilters, string | undefined>>): Record<string, string> {
  const { since, until, type, actor, account, client, session, network, outcome, trace, aggregate } = asked;
  const told = { since, until, type, actor, account, client, session, outcome, trace, aggregate };
  return Object.fromEntries(
    Object.entries({ ...told, network: network === undefined ? undefined : '*' }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

const invalid = (parameter: string, detail: string): ManagementProblem =>
  new ManagementProblem('invalid-request', 'A query parameter is not valid', { errors: [{ parameter, detail }] });
