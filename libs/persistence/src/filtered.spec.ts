import { expect, it } from '@jest/globals';
import { filtered } from './filtered.js';

it('takes what has a value, each as a parameter after those that are there', () => {
  const values: unknown[] = ['tenant', 51];
  const filters = [
    ['account_id = ?::uuid', 'a'],
    ['client_id = ?::text', undefined],
    ['(id, other) > (?::uuid, ?::uuid)', 'c'],
  ] as const;
  expect(filtered(values, filters)).toBe(' and account_id = $3::uuid and (id, other) > ($4::uuid, $4::uuid)');
  expect(values).toEqual(['tenant', 51, 'a', 'c']);
  expect(filtered(values, [])).toBe('');
});
