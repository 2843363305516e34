import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@signet/contracts';
import { Administrator, consoleClient, endpoint, Plane, Traffic, twinTenants, until } from '../src/index.js';

/** Requests before and after, at least: each kind of a person's and a client's, and each prepared statement of theirs. */
const enough = 40;

/** What a newer version adds, where no statement of this one names it. */
const column = 'of_a_newer_version';

let plane: Plane;
let traffic: Traffic;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants([consoleClient]) });
  traffic = await Traffic.at(plane.issuer, fetch);
  traffic.start(2);
}, 60_000);
afterAll(async () => {
  await traffic.stop();
  await plane.stop();
});

const answered = async (count: number) => {
  const before = traffic.requests;
  await until('requests', () => Promise.resolve(traffic.requests >= before + count || undefined));
};

/** What the services have logged as faults from a place on. */
const faultsAfter = (length: number) => {
  const log = readFileSync(plane.part('token').program.log, 'utf8').slice(length);
  return log.split('\n').filter((line) => /"level":"(?:error|warn)"/.test(line));
};

/** In each table a column, and in each object that a row keeps a member, as migrations and replicas of the next version would. */
const expand = () =>
  plane.query(async (client) => {
    const { rows } = await client.query<{ table: string; objects: string[] }>(
      `select format('%I.%I', n.nspname, c.relname) as "table",
         array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           and a.atttypid = 'jsonb'::regtype) as objects
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition and c.relname not in ('migrations', 'migration_digest')`,
      [serviceNames],
    );
    for (const { table, objects } of rows) {
      await client.query(`alter table ${table} add column ${column} jsonb default '{"a": 1}'`);
      for (const object of objects) {
        // Any name is an attribute, and has to be one that this version can read.
        const member = object === 'attributes' ? '1' : '{"a": 1}';
        await client.query(
          `update ${table} set ${object} = ${object} || '{"${column}": ${member}}' where jsonb_typeof(${object}) = 'object'`,
        );
      }
    }
    return rows.length;
  });

describe('a version whose database a newer one has migrated', () => {
  it('goes on with every prepared statement, and with rows that have more in them', async () => {
    await answered(enough);
    const { length } = readFileSync(plane.part('token').program.log, 'utf8');
    expect(await expand()).toBeGreaterThan(50);
    await answered(enough);
    const administrator = new Administrator(plane.issuer, endpoint(plane.issuer, 'default', '/token'));
    for (const collection of ['tenants', 'clients', 'accounts', 'sessions', 'grants', 'keys', 'events']) {
      const { status } = await administrator.ask('GET', `/admin/v1/${collection}`);
      expect([collection, status]).toEqual([collection, 200]);
    }
    // What runs by itself, each second or so, has had its turn as well.
    await delay(2_000);
    expect([traffic.failures, faultsAfter(length)]).toEqual([[], []]);
  }, 60_000);
});
