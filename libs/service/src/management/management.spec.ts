import { describe, expect, it } from '@jest/globals';
import { newId, organisationId, type HeldPermission } from '@signet/contracts';
import { mayGive, reachOf } from './caller.js';
import type { ManagementProblem } from './management-problem.js';
import { mergePatch } from './merge-patch.js';
import { isNotModified, Precondition } from './precondition.js';

// RFC 7396 appendix A
describe('mergePatch', () => {
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j by %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('sets no prototype', () => {
    const patch: unknown = JSON.parse('{"__proto__":{"admin":true}}');
    const merged = mergePatch({}, patch) as { admin?: boolean };
    expect([merged.admin, Object.keys(merged)]).toEqual([undefined, ['__proto__']]);
  });
});

// RFC 9110 section 13.1
describe('preconditions', () => {
  const isStale = (field: string | undefined) => {
    try {
      new Precondition(field).ensure(3);
      return false;
    } catch (error) {
      return (error as ManagementProblem).code;
    }
  };

  it.each<[string | undefined, string | false]>([
    [undefined, false],
    ['*', false],
    ['"3"', false],
    ['"2", "3"', false],
    ['"2"', 'stale'],
    ['W/"3"', 'stale'],
    ['3', 'invalid-request'],
    ['"3" "4"', 'invalid-request'],
    ['', 'invalid-request'],
  ])('If-Match: %s', (field, code) => {
    expect(isStale(field)).toBe(code);
  });

  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['*', true],
    ['"3"', true],
    ['W/"3"', true],
    ['"2", W/"3"', true],
    ['"33"', false],
  ])('If-None-Match: %s', (field, isThere) => {
    expect(isNotModified(field, 3)).toBe(isThere);
  });
});

describe('authority', () => {
  const [paris, oslo] = [newId(organisationId), newId(organisationId)];
  const held: HeldPermission[] = [
    { name: 'accounts:read', organisationId: null },
    { name: 'accounts:read', organisationId: paris },
    { name: 'accounts:write', organisationId: paris },
  ];

  it('reaches over the tenant, or over the organisations that it was given in', () => {
    expect(reachOf(held, 'accounts:read')).toEqual({ kind: 'tenant' });
    expect(reachOf(held, 'accounts:write')).toEqual({ kind: 'organisations', ids: new Set([paris]) });
    expect(reachOf(held, 'clients:write')).toBeUndefined();
  });

  it('gives no more than it has, and no further', () => {
    expect(mayGive({ held }, ['accounts:read', 'accounts:write'], paris)).toBe(true);
    expect(mayGive({ held }, ['accounts:read'], oslo)).toBe(true);
    expect(mayGive({ held }, ['accounts:write'], oslo)).toBe(false);
    expect(mayGive({ held }, ['accounts:write'], null)).toBe(false);
    expect(mayGive({ held }, ['clients:write'], paris)).toBe(false);
    expect(mayGive({ held }, [], null)).toBe(true);
  });
});
