import { describe, expect, it } from '@jest/globals';
import { ScimError } from '../scim-error.js';
import { groupType, userTypeOf } from '../schema/tenant-schema.js';
import { groupTable } from '../groups/group-conditions.js';
import { userTable } from '../users/user-conditions.js';
import { compileFilter } from './compile-filter.js';
import { parseFilter } from './parse-filter.js';

const account = 'acc_018f4e7c2a107b3c9d556f0e1a2b3c4d';
const id = '018f4e7c-2a10-7b3c-9d55-6f0e1a2b3c4d';

function compiled(text: string, isGroup = false) {
  const values: unknown[] = [];
  const filter = parseFilter(isGroup ? groupType : userTypeOf([]), text);
  const sql = compileFilter(isGroup ? groupTable : userTable, filter, (value) => `$${values.push(value) + 1}`);
  return { sql, values };
}

function refused(text: string, isGroup = false): string | undefined {
  try {
    compiled(text, isGroup);
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) return error.scimType;
    throw error;
  }
  return undefined;
}

describe('filters of users', () => {
  const asked: [text: string, values: unknown[]][] = [
    ['userName eq "Bob"', ['bob']],
    ['USERNAME EQ "bob"', ['bob']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bob"', ['bob']],
    [String.raw`userName eq "ACME\\bob"`, [String.raw`acme\bob`]],
    [String.raw`userName eq "say \"hi\""`, ['say "hi"']],
    [String.raw`userName eq "O'Brien'; drop table account --"`, ["o'brien'; drop table account --"]],
    ['userName sw "bo"', ['bo', 'bo\u{10ffff}']],
    ['externalId eq "0a21f0f2"', ['0a21f0f2']],
    ['emails.value eq "Bob@Acme.example"', ['bob@acme.example']],
    ['emails eq "bob@acme.example"', ['bob@acme.example']],
    ['emails[value eq "bob@acme.example"]', ['bob@acme.example']],
    ['emails[type eq "work"].value eq "b@acme.example"', ['b@acme.example', 'work']],
    ['emails[type eq "work" and value eq "b@acme.example"]', ['b@acme.example', 'work']],
    [`id eq "${account}"`, [id]],
    [`id eq "${account}" and manager eq "acc_2"`, [id, 'acc_2']],
    ['id eq "no id of ours"', [null]],
    ['active eq true', ['active']],
    ['active eq "False"', ['disabled']],
    ['userName eq "bob" and active eq false', ['bob', 'disabled']],
    ['meta.lastModified gt "2026-11-26T05:00:00Z"', ['2026-11-26T05:00:00.000Z']],
    ['userName eq "a" or (externalId eq "b" and active eq true)', ['a', 'b', 'active']],
  ];
  it.each(asked)('%s', (text, values) => {
    expect(compiled(text)).toEqual({ sql: expect.any(String), values });
  });

  it('has each branch of an or found by its own index', () => {
    expect(compiled('userName eq "a" or externalId eq "b"').sql).toContain(' union ');
  });

  const unknown: [text: string][] = [
    ['title eq "x"'], // no index
    ['title eq "x" or userName eq "x"'],
    ['userName co "x"'],
    ['userName ew "x"'],
    ['userName ne "x"'],
    ['userName pr'],
    ['not (userName eq "x")'],
    ['password eq "x"'],
    ['userName eq 1'],
    ['active eq 1'],
    ['meta.lastModified gt "yesterday"'],
    ['meta.location eq "x"'],
    ['shoeSize eq 43'], // no attribute
    ['emails[size eq "x"]'],
    ['emails[type eq "work"]'],
    ['userName'], // no filter
    ['userName eq'],
    ['userName eq "x" and'],
    ['(userName eq "x"'],
    ['userName eq "x") or (userName eq "y"'],
    ["userName eq 'x'"],
    ['userName eq "x"; drop table account'],
    ['$where eq "x"'],
    [''],
    [`userName eq "${'x'.repeat(1_000)}"`], // bounds
    [`${'('.repeat(9)}userName eq "x"${')'.repeat(9)}`],
    [Array.from({ length: 21 }, () => 'id eq "x"').join(' or ')],
    [`userName eq "${'\n'.repeat(400)}`],
    [`${'not '.repeat(200)}userName eq "x"`],
  ];
  it.each(unknown)('refuses %j', (text) => {
    expect(refused(text)).toBe('invalidFilter');
  });
});

describe('filters of groups', () => {
  const asked: [text: string, values: unknown[]][] = [
    ['displayName eq "Test SCIMv2"', ['test scimv2']],
    ['displayName sw "te"', ['te', 'te\u{10ffff}']],
    ['externalId eq "8aa1a0c0"', ['8aa1a0c0']],
    [`members.value eq "${account}"`, [id]],
    [`members eq "${account}"`, [id]],
    [`members[value eq "${account}"]`, [id]],
    [`id eq "grp_018f4e7c2a107b3c9d556f0e1a2b3c4d" and members eq "${account}"`, [id, id]],
    ['members.value eq "grp_018f4e7c2a107b3c9d556f0e1a2b3c4d"', [id]],
    ['meta.lastModified le "2026-11-26T05:00:00+01:00"', ['2026-11-26T04:00:00.000Z']],
  ];
  it.each(asked)('%s', (text, values) => {
    expect(compiled(text, true)).toEqual({ sql: expect.any(String), values });
  });

  it.each([['displayName co "x"'], ['members.display eq "x"'], ['members.type eq "User"']])('refuses %j', (text) => {
    expect(refused(text, true)).toBe('invalidFilter');
  });
});
