import type { EntityTransaction } from '@signet/persistence';
import type { EntitySchema, QueryDeepPartialEntity } from 'typeorm';

/** Makes the roles of one owner those that are named, and no others. */
export async function giveRoles<Row extends { roleId: string }>(
  tx: EntityTransaction,
  entity: EntitySchema<Row>,
  owner: Omit<Row, 'roleId'>,
  names: readonly string[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.manager.delete(entity, owner);
  const rows = sortedNames(names).flatMap((name) => {
    const roleId = ids.get(name);
    return roleId === undefined ? [] : [{ ...owner, roleId }];
  });
  if (rows.length > 0) await tx.manager.insert(entity, rows as unknown as QueryDeepPartialEntity<Row>[]);
}

export const sortedNames = (names: readonly string[]): string[] => [...new Set(names)].sort();
