import { isPrimary } from '../schema/read-value.js';
import type { Resource } from '../schema/resource-type.js';
import type { Comparison, Filter } from './parse-filter.js';

/** Whether one value of a multi-valued attribute is what the filter says; for the filters of value paths. */
export function matches(filter: Filter, value: Resource): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((one) => matches(one, value));
    case 'or':
      return filter.filters.some((one) => matches(one, value));
    case 'not':
      return !matches(filter.filter, value);
    case 'presence':
      return filter.target.sub !== undefined && value[filter.target.sub.name] !== undefined;
    case 'comparison':
      return compare(filter, value);
    case 'value':
      return false;
  }
}

function compare({ target, operator, value: wanted }: Comparison, value: Resource): boolean {
  if (!target.sub) return false;
  // A primary that is not told is none.
  if (target.sub.name === 'primary') return equals(isPrimary(value), wanted) === (operator !== 'ne');
  const held = value[target.sub.name];
  if (operator === 'eq' || operator === 'ne') {
    return (fold(held, target.sub.caseExact) === fold(wanted, target.sub.caseExact)) === (operator === 'eq');
  }
  if (typeof held !== 'string' || typeof wanted !== 'string') return false;
  return compareText(operator, ...([held, wanted].map((text) => fold(text, false)) as [string, string]));
}

/** Entra ID writes `primary eq "True"`. */
const equals = (held: boolean, wanted: unknown): boolean => String(held) === String(wanted).toLowerCase();

const fold = (value: unknown, exact: boolean): unknown =>
  typeof value === 'string' && !exact ? value.toLowerCase() : (value ?? undefined);

function compareText(operator: Exclude<Comparison['operator'], 'eq' | 'ne'>, held: string, wanted: string): boolean {
  switch (operator) {
    case 'co':
      return held.includes(wanted);
    case 'sw':
      return held.startsWith(wanted);
    case 'ew':
      return held.endsWith(wanted);
    case 'gt':
      return held > wanted;
    case 'ge':
      return held >= wanted;
    case 'lt':
      return held < wanted;
    case 'le':
      return held <= wanted;
  }
}

/** The members that a value must have to be what the filter says, where it says nothing but that: `type eq "work"`. */
export function membersSaid(filter: Filter): Resource | undefined {
  if (filter.kind === 'and') {
    const said = filter.filters.map(membersSaid);
    return said.some((one) => one === undefined) ? undefined : (Object.assign({}, ...said) as Resource);
  }
  if (filter.kind !== 'comparison' || filter.operator !== 'eq' || filter.value === null) return undefined;
  return filter.target.sub && { [filter.target.sub.name]: filter.value };
}
