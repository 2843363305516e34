import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { suiteDatabase, type SuiteDatabase } from '../src/index.js';

const migrations = [
  {
    name: 'shelf',
    up: `create table shelf (id int primary key, title text, touched int);
      create table copy (id int primary key);
      create table loan (id int, at date) partition by range (at);
      create table loan_2026 partition of loan for values from ('2026-01-01') to ('2027-01-01');`,
  },
];
const outboxRow = `insert into outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf)
  values (gen_random_uuid(), gen_random_uuid(), 's', 'a', 1, '')`;

describe('suiteDatabase', () => {
  let database: SuiteDatabase;
  let library: pg.Client;

  beforeAll(async () => {
    database = await suiteDatabase({
      services: { library: migrations, counter: [] },
      unrecorded: { 'library.copy': 'any', 'library.shelf': { columns: ['touched'] } },
    });
    library = new pg.Client({ connectionString: database.serviceUrl('library'), options: '-c search_path=library' });
    await library.connect();
    await library.query(`begin; insert into shelf values (0, 'kept', 0); ${outboxRow}; commit`);
  });
  afterAll(async () => {
    await library.end();
    await database.drop();
  });

  it('gives each service a role of its own, which sees no other schema', async () => {
    expect((await library.query('select current_user as name')).rows).toEqual([{ name: 'signet_library' }]);
    await expect(library.query('select from counter.outbox')).rejects.toThrow('permission denied');
  });

  it.each([
    ['an insert', `insert into shelf values (1, 'a', 0)`],
    ['an update', `update shelf set title = 'b', touched = 1 where id = 0`],
    ['a delete', 'delete from shelf where id = 0'],
    ['an insert into a partition', `insert into loan values (1, '2026-02-03')`],
  ])('refuses %s without an event, also after a transaction that had one', async (_, change) => {
    await library.query(`begin; ${outboxRow}; commit`);
    await expect(library.query(change)).rejects.toThrow('unrecorded change');
    await expect(library.query(`begin; savepoint a; ${outboxRow}; rollback to a; ${change}; commit`)).rejects.toThrow(
      'unrecorded change',
    );
    await library.query('rollback');
  });

  it.each([
    ['with its event', `begin; insert into shelf values (2, 'a', 0); ${outboxRow}; commit`],
    ['with its event in one statement', `with x as (insert into shelf values (3) returning id) ${outboxRow}`],
    ['of an exempt table', 'insert into copy values (1)'],
    ['of an exempt column', 'update shelf set touched = touched + 1 where id = 0'],
    ['that changes nothing', 'update shelf set title = title where id = 0'],
  ])('accepts a change %s', async (_, change) => {
    await expect(library.query(change)).resolves.toBeDefined();
  });

  it('holds for partitions that the service makes later', async () => {
    await library.query(`create table loan_2027 partition of loan for values from ('2027-01-01') to ('2028-01-01');
      create table outbox_later partition of outbox for values from ('ffffffff-0000-0000-0000-000000000000') to (maxvalue)`);
    await expect(library.query(`insert into loan values (1, '2027-02-03')`)).rejects.toThrow('unrecorded change');
    await library.query(`begin; insert into loan values (1, '2027-02-03');
      ${outboxRow.replace('gen_random_uuid()', `'ffffffff-0000-0000-0000-000000000001'`)}; commit`);
  });

  it('refuses to exempt a table that does not exist', async () => {
    await expect(suiteDatabase({ services: { library: [] }, unrecorded: { 'library.shelf': 'any' } })).rejects.toThrow(
      'there is no table library.shelf',
    );
  });
});
