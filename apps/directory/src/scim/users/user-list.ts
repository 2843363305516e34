import type { Listed } from '../lists/list-resources.js';
import { userTable } from './user-conditions.js';
import { userJson, userSchema, type StoredUser } from './user-statements.js';

export const userList: Listed<StoredUser> = {
  ...userTable,
  statement: 'directory.scim-user.list',
  json: userJson,
  row: userSchema,
  orders: {
    id: 'account.id',
    userName: 'lower(account.username)',
    'meta.lastModified': 'account.updated_at',
    // The head of an id is the time that it was made.
    'meta.created': 'account.id',
  },
};
