import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  migrate,
  MigrationChanged,
  prepareDatabase,
  StatementFailed,
  UnfitServer,
  type Migration,
} from '../src/index.js';
import { baseline } from '../src/baseline.js';
import { as, emptyDatabase, type Suite } from './suite.js';

/** What every service has before its own. */
const common = baseline.map(({ name }) => name);

const thing: Migration = {
  name: 'thing',
  up: 'create table thing (id int primary key); create index thing_again on thing (id)',
};
const colour: Migration = { name: 'thing_colour', up: 'alter table thing add colour text' };

const made: Pick<Suite, 'drop'>[] = [];
let admin: Suite['admin'];
let adminUrl: string;
let url: string;

beforeEach(async () => {
  const empty = await emptyDatabase();
  made.push(empty);
  ({ admin, adminUrl } = empty);
  await prepareDatabase({ adminUrl, services: [{ name: 'owner', password: 'suite' }] });
  url = as(adminUrl, 'signet_owner', 'suite');
});
afterAll(async () => {
  for (const database of made) await database.drop();
});

const run = (...migrations: Migration[]) => migrate({ url, service: 'owner', migrations });
const tables = async () =>
  (
    await admin.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'owner' order by 1`)
  ).rows.map((row) => row.name);

describe('migrate', () => {
  it('makes the baseline, then each migration once, in the service’s schema', async () => {
    await expect(run(thing)).resolves.toEqual([...common, 'thing']);
    await expect(run(thing)).resolves.toEqual([]);
    await expect(run(thing, colour)).resolves.toEqual(['thing_colour']);
    expect(await tables()).toEqual([
      'applied_plan',
      'consumer_position',
      'installation',
      'migration_digest',
      'migrations',
      'origin',
      'outbox',
      'outbox_default',
      'thing',
      'unraised_floor',
    ]);
    const { rows } = await admin.query(`select from pg_class where relnamespace = 'public'::regnamespace`);
    expect(rows).toEqual([]);
  });

  it('runs once when ten replicas start together', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => run(thing, colour)));
    expect(runs.filter((applied) => applied.length > 0)).toEqual([[...common, 'thing', 'thing_colour']]);
  });

  it('refuses a released migration that was changed, and runs nothing', async () => {
    await run(thing);
    await expect(run({ ...thing, up: `${thing.up} ` }, colour)).rejects.toBeInstanceOf(MigrationChanged);
    await expect(run({ ...thing, name: 'renamed' }, colour)).rejects.toBeInstanceOf(MigrationChanged);
    await expect(run(colour, thing)).rejects.toBeInstanceOf(MigrationChanged);
    const { rows } = await admin.query(
      `select from information_schema.columns where table_schema = 'owner' and column_name = 'colour'`,
    );
    expect(rows).toEqual([]);
  });

  it('lets be what a newer release has applied', async () => {
    await run(thing, colour);
    await expect(run(thing)).resolves.toEqual([]);
  });

  it('leaves nothing of a migration that fails, keeps those before it, and goes on when it is repaired', async () => {
    const broken = { name: 'broken', up: 'create table half (id int); select 1 / 0' };
    await expect(run(thing, broken)).rejects.toBeInstanceOf(StatementFailed);
    expect(await tables()).toContain('thing');
    expect(await tables()).not.toContain('half');
    await expect(run(thing, { ...broken, up: 'create table half (id int)' })).resolves.toEqual(['broken']);
  });

  it('commits a migration together with the note that it was applied', async () => {
    await run(thing);
    const unnoted = { name: 'unnoted', up: 'create table half (id int); drop table migration_digest' };
    await expect(run(thing, unnoted)).rejects.toBeInstanceOf(StatementFailed);
    expect(await tables()).toContain('migration_digest');
    expect(await tables()).not.toContain('half');
  });

  it('says what to do where there is no schema', async () => {
    await admin.query('drop schema owner cascade');
    await expect(run(thing)).rejects.toThrow(UnfitServer);
    await expect(run(thing)).rejects.toThrow('signet database prepare');
  });
});

describe('prepareDatabase', () => {
  it('may be repeated, also while another does it, and sets the password anew', async () => {
    await run(thing);
    await Promise.all(
      Array.from({ length: 5 }, () =>
        prepareDatabase({
          adminUrl,
          services: [
            { name: 'owner', password: 'suite' },
            { name: 'other', password: 'suite' },
          ],
        }),
      ),
    );
    await expect(run(thing)).resolves.toEqual([]);
    await expect(
      migrate({ url: as(adminUrl, 'signet_other', 'suite'), service: 'other', migrations: [] }),
    ).resolves.toEqual(common);
  });

  it('lets no service see another’s schema, or make anything elsewhere', async () => {
    await prepareDatabase({ adminUrl, services: [{ name: 'other', password: 'suite' }] });
    await run(thing);
    const other = as(adminUrl, 'signet_other', 'suite');
    const stranger = (up: string) => migrate({ url: other, service: 'other', migrations: [{ name: 'stranger', up }] });
    await expect(stranger('select * from owner.thing')).rejects.toMatchObject({ code: '42501' });
    await expect(stranger('create table public.mine (id int)')).rejects.toMatchObject({ code: '42501' });
    await expect(stranger('create schema mine')).rejects.toMatchObject({ code: '42501' });
  });

  it('makes a role that may log in and nothing else', async () => {
    const { rows } = await admin.query(
      `select rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = 'signet_owner'`,
    );
    expect(rows).toEqual([
      {
        rolcanlogin: true,
        rolsuper: false,
        rolcreatedb: false,
        rolcreaterole: false,
        rolreplication: false,
        rolbypassrls: false,
      },
    ]);
  });

  it('makes schemas alone where all services use one URL', async () => {
    await prepareDatabase({ adminUrl, services: [{ name: 'shared_one', url: adminUrl }, { name: 'shared_two' }] });
    const { rows } = await admin.query<{ owner: string }>(
      `select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname like 'shared%' or nspname = 'public_owner'`,
    );
    const [{ admin: name } = { admin: '' }] = (await admin.query<{ admin: string }>('select current_user as admin'))
      .rows;
    expect(rows).toEqual([{ owner: name }, { owner: name }]);
    await expect(migrate({ url: adminUrl, service: 'shared_two', migrations: [thing] })).resolves.toEqual([
      ...common,
      'thing',
    ]);
  });

  it('takes user and password of a service’s own URL', async () => {
    const own = as(adminUrl, 'signet_by_url', 'p@ss/wörd');
    await prepareDatabase({ adminUrl, services: [{ name: 'by_url', url: own }] });
    await expect(migrate({ url: own, service: 'by_url', migrations: [] })).resolves.toEqual(common);
    await expect(
      migrate({ url: as(own, 'signet_by_url', 'wrong'), service: 'by_url', migrations: [] }),
    ).rejects.toMatchObject({ code: '28P01' });
  });

  it('works for an administrator who is no superuser', async () => {
    await admin.query(
      `do $$ begin create role signet_plain_admin login createrole password 'suite'; exception when duplicate_object then null; end $$`,
    );
    const [{ name } = { name: '' }] = (await admin.query<{ name: string }>('select current_database() as name')).rows;
    await admin.query(`alter database ${name} owner to signet_plain_admin`);
    const plain = as(adminUrl, 'signet_plain_admin', 'suite');
    await prepareDatabase({ adminUrl: plain, services: [{ name: 'by_plain', password: 'suite' }] });
    await prepareDatabase({ adminUrl: plain, services: [{ name: 'by_plain', password: 'suite' }] });
    await expect(
      migrate({ url: as(adminUrl, 'signet_by_plain', 'suite'), service: 'by_plain', migrations: [] }),
    ).resolves.toEqual(common);
  });

  it('refuses a superuser for a service', async () => {
    const [{ name } = { name: '' }] = (await admin.query<{ name: string }>('select current_user as name')).rows;
    await admin.query(`create role signet_root_${process.pid} superuser login`);
    const url = as(adminUrl, `signet_root_${process.pid}`, 'x');
    await expect(prepareDatabase({ adminUrl, services: [{ name: 'root', url }] })).rejects.toThrow('superuser');
    await admin.query(`drop role signet_root_${process.pid}`);
    expect(name).not.toBe('');
  });
});
