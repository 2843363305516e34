import { parse, type Filter as Parsed } from 'scim2-parse-filter';
import { invalid } from '../scim-error.js';
import { shown } from '../schema/read-value.js';
import { subAttribute, type ResourceType, type Target } from '../schema/resource-type.js';

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'lt' | 'ge' | 'le';

export interface Comparison {
  readonly kind: 'comparison';
  readonly target: Target;
  readonly operator: Operator;
  readonly value: string | number | boolean | null;
}

export interface Presence {
  readonly kind: 'presence';
  readonly target: Target;
}

export interface Combination {
  readonly kind: 'and' | 'or';
  readonly filters: readonly Filter[];
}

/** One value of the attribute of which all of this is so. */
export interface ValueFilter {
  readonly kind: 'value';
  readonly target: Target;
  /** Their targets are sub-attributes of it. */
  readonly filter: Filter;
}

export interface Negation {
  readonly kind: 'not';
  readonly filter: Filter;
}

export type Filter = Comparison | Presence | Combination | ValueFilter | Negation;

/** Characters. Entra ID's and Okta's filters have below 200. */
const longest = 1_000;
const deepest = 8;
const mostComparisons = 20;

/** RFC 7644 section 3.4.2.2. Throws ScimError `invalidFilter` for what is no filter, and for what no schema has. */
export function parseFilter(type: ResourceType, text: string): Filter {
  const filter = resolve(type, parseText(text), undefined);
  if (countOf(filter) > mostComparisons) throw tooLong(`more than ${mostComparisons} comparisons`);
  return filter;
}

/** The filter in a value path, by the sub-attributes of what stands before it. */
export function parseValueFilter(type: ResourceType, target: Target, text: string): Filter {
  return resolve(type, parseText(text), target);
}

const tooLong = (what: string) => invalid('invalidFilter', `The filter has ${what}`);

// The library's tokens overlap in a line break, which makes text of many of them take for ever; it recurses by brackets.
function parseText(text: string): Parsed {
  if (text.length > longest) throw tooLong(`more than ${longest} characters`);
  if (/[\u0000-\u001f\u007f\u2028\u2029]|\p{Surrogate}/u.test(text)) throw tooLong('a control character');
  if (depthOf(text) > deepest) throw tooLong(`brackets in more than ${deepest} brackets`);
  try {
    return parse(text);
  } catch {
    throw invalid('invalidFilter', 'The filter is malformed');
  }
}

/** Brackets within quotes count too: no filter of anybody's needs so many. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if (character === '(' || character === '[') depth += 1;
    if (character === ')' || character === ']') depth -= 1;
    most = Math.max(most, depth);
  }
  return Math.max(most, (text.match(/\bnot\b/gi) ?? []).length);
}

function countOf(filter: Filter): number {
  switch (filter.kind) {
    case 'comparison':
    case 'presence':
      return 1;
    case 'value':
    case 'not':
      return countOf(filter.filter);
    case 'and':
    case 'or':
      return filter.filters.reduce((sum, one) => sum + countOf(one), 0);
  }
}

function resolve(type: ResourceType, parsed: Parsed, within: Target | undefined): Filter {
  switch (parsed.op) {
    case 'and':
    case 'or':
      return { kind: parsed.op, filters: mended(parsed).map((filter) => resolve(type, filter, within)) };
    case 'not':
      return { kind: 'not', filter: resolve(type, parsed.filter, within) };
    case '[]': {
      const target = targetOf(type, parsed.attrPath, within);
      return { kind: 'value', target, filter: resolve(type, parsed.valFilter, target) };
    }
    case 'pr':
      return { kind: 'presence', target: targetOf(type, parsed.attrPath, within) };
    case 'eq':
    case 'ne':
    case 'co':
    case 'sw':
    case 'ew':
    case 'gt':
    case 'lt':
    case 'ge':
    case 'le':
      return {
        kind: 'comparison',
        target: targetOf(type, parsed.attrPath, within),
        operator: parsed.op,
        value: unescaped(parsed.compValue),
      };
  }
}

/** `emails[type eq "work"].value eq "x"` is of one value, which the library's `and` of two is not. */
function mended({ op, filters }: { op: string; filters: readonly Parsed[] }): readonly Parsed[] {
  const [path, comparison] = filters;
  if (op !== 'and' || filters.length !== 2 || path?.op !== '[]' || !comparison || !('attrPath' in comparison)) {
    return filters;
  }
  const prefix = `${path.attrPath}.`;
  if (!comparison.attrPath.startsWith(prefix)) return filters;
  const inner = { ...comparison, attrPath: comparison.attrPath.slice(prefix.length) } as Parsed;
  return [{ ...path, valFilter: { op: 'and', filters: [path.valFilter, inner] } }];
}

function targetOf(type: ResourceType, path: string, within: Target | undefined): Target {
  if (!within) {
    const target = type.target(path);
    if (!target) throw invalid('invalidFilter', `A ${type.name} has no attribute “${shown(path)}”`);
    return target;
  }
  const sub = subAttribute(within.attribute, path);
  if (!sub) throw invalid('invalidFilter', `${within.attribute.name} has no member “${shown(path)}”`);
  return { ...within, sub };
}

/** A value is JSON text, of whose escapes the library undoes the one of quotes alone. */
function unescaped(value: Comparison['value']): Comparison['value'] {
  if (typeof value !== 'string' || !value.includes('\\')) return value;
  try {
    return JSON.parse(`"${value.replaceAll('"', '\\"')}"`) as string;
  } catch {
    // A backslash that is no escape: DOMAIN\user, as it is often sent.
    return value;
  }
}
