import { z } from 'zod';
import { accountId, groupId, organisationId } from '../ids.js';
import { text } from '../text.js';
import { collectionOperations, idText, stamps } from './collection.js';
import { listOf, listQuery, queryBoolean } from './lists.js';
import { accountObject } from './objects/account-object.js';
import { groupObject, organisationObject } from './objects/catalogue-objects.js';
import { objectName } from './objects/names.js';
import { operation } from './operation.js';
import { shownId } from './shown-id.js';

/** Passwords are authn's, and are never read. */
export const managedAccount = accountObject.omit({ password: true });

export const shownAccount = z
  .strictObject({ id: idText('acc'), ...managedAccount.shape, ...stamps })
  .meta({ id: 'Account' });

const ofAccount = z.strictObject({ account_id: shownId('acc', accountId) });

const accounts = collectionOperations({
  collection: 'accounts',
  names: ['Account', 'Accounts', 'an account', 'accounts'],
  parameters: ofAccount,
  parameter: 'account_id',
  filters: {
    username: text(320, 1).optional(),
    email: z.email().optional(),
    enabled: queryBoolean.optional(),
    group: shownId('grp', groupId).optional(),
    organisation: shownId('org', organisationId).optional(),
  },
  created: managedAccount,
  updated: managedAccount,
  shown: shownAccount,
  reach: 'organisation',
});

/** Of accounts that nobody finds any more, whatever organisation they were in. */
const lives = {
  service: 'directory',
  collection: 'accounts',
  permission: 'accounts:write',
  method: 'POST',
  parameters: ofAccount,
  versioned: true,
} as const;

/** What an account can become: docs/erasure.md. */
export const accountOperations = {
  ...accounts,
  remove: {
    ...accounts.remove,
    description: "Everything of it ends. Within the tenant's grace period it can be restored; then it is erased.",
    problems: [],
  },
  restore: operation({
    ...lives,
    id: 'restoreAccount',
    path: '/accounts/{account_id}/restore',
    summary: 'Restore a deleted account',
    description: 'It is as it was, and signs in anew.',
    response: { status: 200, schema: shownAccount },
    problems: ['not-restorable'],
  }),
  erase: operation({
    ...lives,
    id: 'eraseAccount',
    path: '/accounts/{account_id}/erase',
    summary: 'Erase an account, at once and for good',
    description: 'Nothing personal of it is kept by any service; what it was called is never the name of another.',
  }),
} as const;

export const shownOrganisation = z
  .strictObject({ id: idText('org'), ...organisationObject.shape, display_name: z.string(), ...stamps })
  .meta({ id: 'Organisation' });

const ofOrganisation = { organisation_id: shownId('org', organisationId) };
const ofMember = { ...ofOrganisation, account_id: shownId('acc', accountId) };

const shownMember = z
  .strictObject({ account_id: idText('acc'), username: z.string(), roles: z.array(objectName) })
  .meta({ id: 'OrganisationMember' });

const organisations = {
  service: 'directory',
  collection: 'organisations',
  reach: 'organisation',
} as const;

export const organisationOperations = {
  ...collectionOperations({
    collection: 'organisations',
    names: ['Organisation', 'Organisations', 'an organisation', 'organisations'],
    parameters: z.strictObject(ofOrganisation),
    parameter: 'organisation_id',
    filters: { name: objectName.optional() },
    created: organisationObject,
    updated: organisationObject,
    shown: shownOrganisation,
    reach: 'organisation',
    createReach: 'tenant',
  }),
  listMembers: operation({
    ...organisations,
    id: 'listOrganisationMembers',
    method: 'GET',
    path: '/organisations/{organisation_id}/members',
    permission: 'organisations:read',
    summary: "List an organisation's members",
    parameters: z.strictObject(ofOrganisation),
    query: listQuery({}),
    paged: true,
    response: { schema: listOf(shownMember) },
  }),
  setMember: operation({
    ...organisations,
    id: 'setOrganisationMember',
    method: 'PUT',
    path: '/organisations/{organisation_id}/members/{account_id}',
    permission: 'organisations:write',
    summary: 'Make an account a member, with these roles',
    parameters: z.strictObject(ofMember),
    body: z.strictObject({ roles: z.array(objectName).max(200).default([]) }),
    response: { schema: shownMember },
  }),
  removeMember: operation({
    ...organisations,
    id: 'removeOrganisationMember',
    method: 'DELETE',
    path: '/organisations/{organisation_id}/members/{account_id}',
    permission: 'organisations:write',
    summary: 'End a membership, and what it gave',
    parameters: z.strictObject(ofMember),
  }),
} as const;

export const shownGroup = z
  .strictObject({ id: idText('grp'), ...groupObject.shape, display_name: z.string(), ...stamps })
  .meta({ id: 'Group' });

const ofGroup = { group_id: shownId('grp', groupId) };
const ofGroupMember = { ...ofGroup, account_id: shownId('acc', accountId) };

const shownGroupMember = z
  .strictObject({ account_id: idText('acc'), username: z.string() })
  .meta({ id: 'GroupMember' });

const groups = { service: 'directory', collection: 'groups', reach: 'organisation' } as const;

export const groupOperations = {
  ...collectionOperations({
    collection: 'groups',
    names: ['Group', 'Groups', 'a group', 'groups'],
    parameters: z.strictObject(ofGroup),
    parameter: 'group_id',
    filters: { name: objectName.optional(), organisation: shownId('org', organisationId).optional() },
    created: groupObject,
    updated: groupObject,
    shown: shownGroup,
    reach: 'organisation',
  }),
  listMembers: operation({
    ...groups,
    id: 'listGroupMembers',
    method: 'GET',
    path: '/groups/{group_id}/members',
    permission: 'groups:read',
    summary: "List a group's members",
    description: 'Those that were put into it themselves; not those of the groups in it.',
    parameters: z.strictObject(ofGroup),
    query: listQuery({}),
    paged: true,
    response: { schema: listOf(shownGroupMember) },
  }),
  addMember: operation({
    ...groups,
    id: 'addGroupMember',
    method: 'PUT',
    path: '/groups/{group_id}/members/{account_id}',
    permission: 'groups:write',
    summary: 'Put an account into a group',
    parameters: z.strictObject(ofGroupMember),
    response: { schema: shownGroupMember },
  }),
  removeMember: operation({
    ...groups,
    id: 'removeGroupMember',
    method: 'DELETE',
    path: '/groups/{group_id}/members/{account_id}',
    permission: 'groups:write',
    summary: 'Take an account out of a group',
    parameters: z.strictObject(ofGroupMember),
  }),
} as const;
