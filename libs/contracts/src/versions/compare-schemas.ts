import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from './json-schema.js';

/** A change by which a version and the next would not understand each other. */
export interface Fault {
  /** `floors[].kind`; empty for the message itself. */
  readonly path: string;
  readonly change: string;
}

/** What is looked at member by member; the rest of a schema has to be as it was. */
const walked = new Set(['properties', 'required', 'additionalProperties', 'items', 'anyOf']);

/**
 * Why one version could not read what the other sends, in whichever direction: a message may get a member that need not be there, where members are known
 * by name, and is otherwise as it was. Whether an older reader may do without the new member, nobody but its author can say.
 */
export function faultsBetween(released: JsonSchema, today: JsonSchema, path = ''): Fault[] {
  return [
    ...ownFaults(released, today, path),
    ...memberFaults(released, today, path),
    ...both(released.items, today.items, `${path}[]`),
    ...both(openTo(released), openTo(today), `${path}.*`),
    ...variantFaults(released.anyOf, today.anyOf, path),
  ];
}

const both = (released: JsonSchema | undefined, today: JsonSchema | undefined, path: string): Fault[] => {
  if (released && today) return faultsBetween(released, today, path);
  return released || today ? [{ path, change: released ? 'is not described any more' : 'is described anew' }] : [];
};

/** What members without a name of their own are, where there may be some. A sender that is strict is no affair of the reader's. */
const openTo = ({ additionalProperties: open }: JsonSchema): JsonSchema | undefined =>
  open === true ? {} : open === false ? undefined : open;

function ownFaults(released: JsonSchema, today: JsonSchema, path: string): Fault[] {
  const names = [...new Set([...Object.keys(released), ...Object.keys(today)])].filter((name) => !walked.has(name));
  return names.flatMap((name) => {
    const [before, after] = [released[name as keyof JsonSchema], today[name as keyof JsonSchema]];
    if (isDeepStrictEqual(before, after)) return [];
    return [{ path, change: `${name} was ${shown(before)} and is ${shown(after)}` }];
  });
}

const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));

function memberFaults(released: JsonSchema, today: JsonSchema, path: string): Fault[] {
  const { properties: before = {}, required: demanded = [] } = released;
  const { properties: after = {}, required = [] } = today;
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  const kept = Object.entries(before).flatMap(([name, member]): Fault[] => {
    const now = after[name];
    if (now === undefined) return [{ path: below(name), change: 'is gone' }];
    if (required.includes(name) !== demanded.includes(name))
      return [{ path: below(name), change: required.includes(name) ? 'must be there' : 'need not be there' }];
    return faultsBetween(member, now, below(name));
  });
  const added = Object.keys(after).filter((name) => !(name in before));
  return [
    ...kept,
    ...added.flatMap((name): Fault[] => {
      if (required.includes(name)) return [{ path: below(name), change: 'is new and must be there' }];
      // An older reader would take it for one of those that it was told to expect.
      return openTo(released) ? [{ path: below(name), change: 'is new where any name means something' }] : [];
    }),
  ];
}

function variantFaults(released: readonly JsonSchema[] = [], today: readonly JsonSchema[] = [], path: string): Fault[] {
  if (released.length !== today.length)
    return [{ path, change: `had ${released.length} variants and has ${today.length}` }];
  return released.flatMap((variant, index) => {
    const some = today.some((one) => faultsBetween(variant, one, path).length === 0);
    return some ? [] : faultsBetween(variant, today[index] ?? {}, path);
  });
}
