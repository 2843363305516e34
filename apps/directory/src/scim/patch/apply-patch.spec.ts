import { describe, expect, it } from '@jest/globals';
import { ScimError } from '../scim-error.js';
import { userTypeOf } from '../schema/tenant-schema.js';
import type { Resource } from '../schema/resource-type.js';
import { applyPatch } from './apply-patch.js';
import { readPatch } from './read-patch.js';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const type = userTypeOf([]);

const bob = {
  userName: 'bob',
  active: true,
  name: { givenName: 'Bob', familyName: 'Stone' },
  emails: [
    { value: 'bob@work.example', type: 'work', primary: true },
    { value: 'bob@home.example', type: 'home' },
  ],
  photos: [{ value: 'https://pictures.example/bob.png' }],
  [enterprise]: { department: 'Sales', manager: { value: 'acc_1' } },
};
const [work, home] = bob.emails;

const patchOf = (...Operations: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
const patched = (...operations: unknown[]) => applyPatch(bob, readPatch(type, patchOf(...operations)));

function refusal(work: () => unknown): unknown[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ScimError) return [error.status, error.scimType];
    throw error;
  }
  return [];
}

describe('applyPatch', () => {
  const cases: [what: string, operations: object[], change: Resource][] = [
    ['Entra ID: one value', [{ op: 'Replace', path: 'userName', value: 'rob' }], { userName: 'rob' }],
    ['Entra ID: disable, by text', [{ op: 'Replace', path: 'active', value: 'False' }], { active: false }],
    ['Entra ID: disable, in an array', [{ op: 'Replace', path: 'active', value: ['False'] }], { active: false }],
    ['Okta: disable, without a path', [{ op: 'replace', value: { active: false } }], { active: false }],
    [
      'Entra ID: a value by its type',
      [{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@work.example' }],
      { emails: [{ ...work, value: 'new@work.example' }, home] },
    ],
    [
      'Entra ID: a value by its type that is not there yet',
      [{ op: 'Replace', path: 'emails[type eq "other"].value', value: 'b@other.example' }],
      { emails: [work, home, { type: 'other', value: 'b@other.example' }] },
    ],
    [
      'Entra ID: members of an address that is not there yet, one by one',
      [
        { op: 'Add', path: 'addresses[type eq "work"].formatted', value: '1 Main St' },
        { op: 'Add', path: 'addresses[type eq "work"].postalCode', value: '12345' },
      ],
      { addresses: [{ type: 'work', formatted: '1 Main St', postalCode: '12345' }] },
    ],
    [
      'Entra ID: names with dots, and with URNs, in a value without a path',
      [
        {
          op: 'replace',
          value: { displayName: 'Bob S.', 'name.givenName': 'Robert', [`${enterprise}:employeeNumber`]: '701984' },
        },
      ],
      {
        displayName: 'Bob S.',
        name: { givenName: 'Robert', familyName: 'Stone' },
        [enterprise]: { ...bob[enterprise], employeeNumber: '701984' },
      },
    ],
    [
      'Entra ID: a value path in a value without a path',
      [{ op: 'add', value: { 'phoneNumbers[type eq "mobile"].value': '+1 555' } }],
      { phoneNumbers: [{ type: 'mobile', value: '+1 555' }] },
    ],
    [
      'Entra ID: the manager as text',
      [{ op: 'Add', path: `${enterprise}:manager`, value: 'acc_2' }],
      { [enterprise]: { department: 'Sales', manager: { value: 'acc_2' } } },
    ],
    [
      'Entra ID: the manager without its URN, in an array, with a $ref',
      [{ op: 'Add', path: 'manager', value: [{ $ref: 'http://x/Users/acc_2', value: 'acc_2' }] }],
      { [enterprise]: { department: 'Sales', manager: { value: 'acc_2' } } },
    ],
    ['the manager goes', [{ op: 'Remove', path: `${enterprise}:manager` }], { [enterprise]: { department: 'Sales' } }],
    [
      'an extension as an object keeps what it does not name',
      [{ op: 'replace', path: enterprise, value: { department: 'Ops' } }],
      { [enterprise]: { department: 'Ops', manager: { value: 'acc_1' } } },
    ],
    ['a whole extension goes', [{ op: 'remove', path: enterprise }], { [enterprise]: {} }],
    [
      'names in any case, and the URN of the core schema',
      [{ op: 'REPLACE', path: 'URN:ietf:params:scim:schemas:core:2.0:user:NAME.givenname', value: 'Rob' }],
      { name: { givenName: 'Rob', familyName: 'Stone' } },
    ],
    [
      'a complex value merges, one that is added and one that replaces',
      [
        { op: 'replace', path: 'name', value: { givenName: 'Rob' } },
        { op: 'add', path: 'name', value: { middleName: 'J.' } },
      ],
      { name: { givenName: 'Rob', familyName: 'Stone', middleName: 'J.' } },
    ],
    ['null takes away', [{ op: 'replace', path: 'name.familyName', value: null }], { name: { givenName: 'Bob' } }],
    ['empty text takes away', [{ op: 'Replace', path: 'photos', value: '' }], { photos: undefined }],
    [
      'an added value that is there already changes nothing',
      [{ op: 'add', path: 'emails', value: { value: 'BOB@home.example', type: 'home' } }],
      { emails: [work, { ...home, value: 'BOB@home.example' }] },
    ],
    [
      'of two primary values the new one stays',
      [{ op: 'add', path: 'emails', value: [{ value: 'b@other.example', type: 'other', primary: 'True' }] }],
      {
        emails: [
          { value: 'bob@work.example', type: 'work' },
          home,
          { value: 'b@other.example', type: 'other', primary: true },
        ],
      },
    ],
    [
      'a value becomes primary by a path',
      [{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }],
      {
        emails: [
          { value: 'bob@work.example', type: 'work' },
          { ...home, primary: true },
        ],
      },
    ],
    [
      'Entra ID: primary in a filter, as text',
      [{ op: 'Replace', path: 'emails[primary eq "True"].value', value: 'p@work.example' }],
      { emails: [{ ...work, value: 'p@work.example' }, home] },
    ],
    [
      'a filter with brackets, colons and dots',
      [{ op: 'remove', path: 'photos[value eq "https://pictures.example/bob.png"]' }],
      { photos: undefined },
    ],
    [
      'the address of a kind goes, since nothing is left of it',
      [{ op: 'remove', path: 'emails[type eq "home"].value' }],
      { emails: [work] },
    ],
    [
      'values go by their value',
      [{ op: 'Remove', path: 'emails', value: [{ value: 'bob@home.example', display: 'Home' }] }],
      { emails: [work] },
    ],
    ['what is not there is removed in vain', [{ op: 'remove', path: 'emails[type eq "fax"]' }], {}],
    [
      'what is read-only is passed over without a path',
      [{ op: 'replace', value: { id: 'x', active: false } }],
      { active: false },
    ],
  ];

  it.each(cases)('%s', (_what, operations, change) => {
    expect(patched(...operations)).toEqual({ ...bob, ...change });
  });

  it('leaves the resource that it is given as it is', () => {
    const before = structuredClone(bob);
    patched({ op: 'remove', path: 'emails' }, { op: 'replace', path: 'name.givenName', value: 'X' });
    expect(bob).toEqual(before);
  });

  const refused: [what: string, body: unknown, error: unknown[]][] = [
    ['no object', [], [400, 'invalidSyntax']],
    ['another schema', { schemas: [], Operations: [{ op: 'remove', path: 'title' }] }, [400, 'invalidSyntax']],
    ['no operations', patchOf(), [400, 'invalidSyntax']],
    ['an operation that is none', patchOf({ op: 'move', path: 'title' }), [400, 'invalidSyntax']],
    ['a remove without a path', patchOf({ op: 'remove' }), [400, 'noTarget']],
    ['an attribute that is none', patchOf({ op: 'add', path: 'shoeSize', value: 43 }), [400, 'invalidPath']],
    ['a member that is none', patchOf({ op: 'add', path: 'name.secret', value: 'x' }), [400, 'invalidPath']],
    ['a way to prototypes', patchOf({ op: 'add', path: '__proto__.polluted', value: 'x' }), [400, 'invalidPath']],
    ['another', patchOf({ op: 'add', value: { 'constructor.prototype.polluted': 'x' } }), [400, 'invalidPath']],
    ['an extension that is none', patchOf({ op: 'add', path: 'urn:x:y:title', value: 'x' }), [400, 'invalidPath']],
    ['a path that is none', patchOf({ op: 'remove', path: 'emails[type eq "work"' }), [400, 'invalidPath']],
    ['a filter on one value', patchOf({ op: 'remove', path: 'name[givenName eq "x"]' }), [400, 'invalidPath']],
    ['a filter that is none', patchOf({ op: 'remove', path: 'emails[type is "x"]' }), [400, 'invalidFilter']],
    ['a filter on no member', patchOf({ op: 'remove', path: 'emails[size eq "x"]' }), [400, 'invalidFilter']],
    [
      'a new value of no kind',
      patchOf({ op: 'add', path: 'emails[type sw "x"].value', value: 'y@z.example' }),
      [400, 'noTarget'],
    ],
    ['what is read-only', patchOf({ op: 'replace', path: 'groups', value: [{ value: 'grp_1' }] }), [400, 'mutability']],
    ['the id', patchOf({ op: 'replace', path: 'id', value: 'acc_1' }), [400, 'mutability']],
    ['Okta: a password', patchOf({ op: 'replace', value: { password: 'x' } }), [400, 'mutability']],
    ['roles', patchOf({ op: 'Add', path: 'roles', value: 'admin' }), [400, 'mutability']],
    ['a value of another type', patchOf({ op: 'replace', path: 'active', value: 'no' }), [400, 'invalidValue']],
    ['an object for text', patchOf({ op: 'replace', path: 'title', value: { x: 1 } }), [400, 'invalidValue']],
    ['no value at all', patchOf({ op: 'add', path: 'title' }), [400, 'invalidValue']],
    ['text where attributes are', patchOf({ op: 'add', value: 'x' }), [400, 'invalidValue']],
    ['more than anybody has', patchOf({ op: 'add', path: 'ims', value: Array(101).fill('x') }), [400, 'invalidValue']],
  ];

  it.each(refused)('refuses %s', (_what, body, error) => {
    expect(refusal(() => applyPatch(bob, readPatch(type, body)))).toEqual(error);
    expect(({} as Resource)['polluted']).toBeUndefined();
  });
});
