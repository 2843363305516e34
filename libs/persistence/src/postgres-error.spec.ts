import { describe, expect, it } from '@jest/globals';
import { Conflict, DatabaseUnavailable, StatementFailed, TransactionConflict } from './errors.js';
import { breaksConnection, mapDatabaseError } from './postgres-error.js';

const postgres = (code: string, more: object = {}) =>
  Object.assign(new Error('a text of Postgres'), { code, severity: 'ERROR', ...more });
const node = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });

describe('what the database threw', () => {
  it.each([
    ['a refused connection', node('ECONNREFUSED'), true],
    ['a reset connection', node('ECONNRESET'), true],
    ['every address refused', new AggregateError([node('ECONNREFUSED'), node('ECONNREFUSED')]), true],
    ['a connection that ended', new Error('Connection terminated unexpectedly'), true],
    ['no connection within a second', new Error('timeout exceeded when trying to connect'), true],
    ['no answer at all', new Error('Query read timeout'), true],
    ['an admin shutdown', postgres('57P01', { severity: 'FATAL' }), true],
    ['a server that starts', postgres('57P03', { severity: 'FATAL' }), true],
    ['too many connections', postgres('53300', { severity: 'FATAL' }), true],
    ['a terminated idle transaction', postgres('25P03', { severity: 'FATAL' }), true],
    ['a server that is a standby now', postgres('25006'), true],
    ['a forgotten prepared statement', postgres('26000'), true],
    ['a stale plan', postgres('0A000', { message: 'cached plan must not change result type' }), true],
    ['a statement timeout', postgres('57014'), false],
    ['a lock timeout', postgres('55P03'), false],
    ['a full disk', postgres('53100'), false],
    ['the same inside TypeORM’s', Object.assign(new Error('x'), { driverError: postgres('57014') }), false],
  ])('%s is DatabaseUnavailable', (_, error, broken) => {
    expect(mapDatabaseError(error)).toBeInstanceOf(DatabaseUnavailable);
    expect(breaksConnection(error)).toBe(broken);
  });

  it.each(['40001', '40P01'])('%s is a TransactionConflict', (code) => {
    expect(mapDatabaseError(postgres(code))).toBeInstanceOf(TransactionConflict);
    expect(breaksConnection(postgres(code))).toBe(false);
  });

  it('names the constraint of a conflict', () => {
    const mapped = mapDatabaseError(postgres('23505', { constraint: 'account_identifier_key' }));
    expect(mapped).toBeInstanceOf(Conflict);
    expect(mapped).toMatchObject({ constraint: 'account_identifier_key' });
  });

  it.each([
    ['22P02', 'invalid input syntax for type uuid: "hunter2"'],
    ['22021', 'invalid byte sequence: hunter2'],
    ['23514', 'new row violates check: hunter2'],
  ])('%s does not pass on a value', (code, message) => {
    const mapped = mapDatabaseError(postgres(code, { message, detail: 'hunter2' })) as StatementFailed;
    expect(mapped).toBeInstanceOf(StatementFailed);
    expect([JSON.stringify(mapped), mapped.message, mapped.stack, String(mapped.cause)].join()).not.toContain(
      'hunter2',
    );
    expect(mapped.code).toBe(code);
  });

  it.each([
    new TypeError('ours'),
    new RangeError('ours too'),
    'text',
    undefined,
    Object.assign(new Error('x'), { code: 'ENOSPC' }),
  ])('leaves alone what is not the database’s: %s', (error) => {
    expect(mapDatabaseError(error)).toBe(error);
    expect(breaksConnection(error)).toBe(false);
  });
});
