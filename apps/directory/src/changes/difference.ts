import { isDeepStrictEqual } from 'node:util';

/** An object of the directory as its contracts show it, member by member. */
export type View = Readonly<Record<string, unknown>>;

export interface Difference {
  readonly changed: string[];
  readonly before: View;
  readonly after: View;
}

/** An event is kept for ever and has to travel: a longer value is named as changed and not told. JSON, in UTF-16 units. */
const longestValue = 4_096;

const fitsAnEvent = (value: unknown): boolean =>
  value !== undefined && value !== null && JSON.stringify(value).length <= longestValue;

/**
 * What an event may tell of a change: every member that differs is named; values are told of those that are not concealed,
 * because they are secret or personal. Undefined where nothing differs. Null and absent are the same.
 */
export function difference(before: View, after: View, concealed: readonly string[] = []): Difference | undefined {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = members.filter((member) => !isDeepStrictEqual(before[member] ?? null, after[member] ?? null)).sort();
  if (changed.length === 0) return undefined;
  const tell = (view: View): View =>
    Object.fromEntries(
      changed.flatMap((member) =>
        !concealed.includes(member) && fitsAnEvent(view[member]) ? [[member, view[member]]] : [],
      ),
    );
  return { changed, before: tell(before), after: tell(after) };
}
