import type { Listed } from '../lists/list-resources.js';
import { groupTable } from './group-conditions.js';
import { groupJson, groupRow, type StoredGroup } from './group-statements.js';

/** Members that are told of each group of a list. */
const mostListed = 100;

const listOf = (members: number): Listed<StoredGroup> => ({
  ...groupTable,
  statement: 'directory.scim-group.list',
  json: groupJson(String(members)),
  row: groupRow,
  orders: {
    id: '"group".id',
    displayName: 'lower("group".display_name)',
    'meta.lastModified': '"group".updated_at',
    'meta.created': '"group".id',
  },
});

export const groupList = listOf(mostListed);
export const groupListWithoutMembers = listOf(0);
