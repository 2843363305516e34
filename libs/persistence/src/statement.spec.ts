import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { RowMismatch } from './errors.js';
import { parseRows, statement } from './statement.js';

const declare = (name: string, text = 'select 1') => statement({ name, text, parameters: () => [], row: z.unknown() });

describe('statement', () => {
  it.each(['token.code.redeem', 'token.refresh-family.rotate', 'audit.log.tile.read', 'a.b.c'])(
    'accepts %s',
    (name) => {
      expect(declare(name).name).toBe(name);
    },
  );

  it.each([
    'redeem',
    'token.redeem',
    'Token.code.redeem',
    'token.code.',
    'token.code.redeem;',
    `token.code.${'x'.repeat(60)}`,
  ])('refuses %s', (name) => {
    expect(() => declare(name)).toThrow(TypeError);
  });

  it('refuses a second text under one name', () => {
    declare('spec.text.one', 'select 1');
    expect(() => declare('spec.text.one', 'select 1')).not.toThrow();
    expect(() => declare('spec.text.one', 'select 2')).toThrow('Two statements');
  });
});

describe('parseRows', () => {
  const row = z
    .object({ account_id: z.string(), secret: z.int() })
    .transform((r) => ({ accountId: r.account_id, secret: r.secret }));

  it('gives what the schema makes of a row', () => {
    expect(parseRows({ name: 'spec.rows.parse', row }, [{ account_id: 'a', secret: 1 }])).toEqual([
      { accountId: 'a', secret: 1 },
    ]);
  });

  it('names statement and column of a misfit, and no value', () => {
    const parse = () => parseRows({ name: 'spec.rows.parse', row }, [{ account_id: 'a', secret: 'hunter2' }]);
    expect(parse).toThrow(RowMismatch);
    expect(parse).toThrow('A row of spec.rows.parse does not fit its schema: secret: invalid_type.');
  });
});
