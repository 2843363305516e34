import { groupName, type DeclaredTenant } from '@signet/contracts';
import type { StoredTenant } from '../stored-state.js';
import type { Fault } from './fault.js';

/** Groups in a group in a group: an account's are looked for through all of them. */
export const deepestNesting = 10;

/** Groups that hold themselves, by whatever way, or that lie too deep, as the tenant's would be with the declared ones. */
export function nestingFaults({ groups }: DeclaredTenant, stored: StoredTenant['groups'] | undefined): Fault[] {
  const children = new Map<string, readonly string[]>(
    [...(stored?.values() ?? []), ...groups].map((group) => [groupName(group), group.groups] as const),
  );
  const faultOf = (name: string): string | undefined => {
    const walk = (at: string, path: readonly string[]): string | undefined => {
      if (path.includes(at)) return `${[...path, at].join(' > ')} goes round`;
      if (path.length >= deepestNesting) return `is nested more than ${deepestNesting} deep`;
      for (const child of children.get(at) ?? []) {
        const fault = walk(child, [...path, at]);
        if (fault !== undefined) return fault;
      }
      return undefined;
    };
    return walk(name, []);
  };
  return groups.flatMap((group) => {
    const name = groupName(group);
    const message = group.groups.length === 0 ? undefined : faultOf(name);
    return message === undefined ? [] : [{ path: ['groups', name, 'groups'], message }];
  });
}
