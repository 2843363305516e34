import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  adoptInstallation,
  Database,
  DatabaseRefused,
  DatabaseUnavailable,
  migrate,
  prepareDatabase,
  readInstallation,
  UnfitServer,
} from '../src/index.js';
import { as, suite, type Suite } from './suite.js';

let owner: Suite;
beforeAll(async () => {
  owner = await suite();
});
afterAll(() => owner.drop());

const open = (url: string, service = 'owner') =>
  Database.open({
    url,
    service,
    migrations: [],
    allowUnsafeDurability: true,
    background: false,
    connectTimeout: 15_000,
  });
const elsewhere = (name: string) => Object.assign(new URL(owner.url), { pathname: `/${name}` }).href;
const sentenceOf = (work: Promise<unknown>) =>
  work.then(
    () => '',
    (error: unknown) => String(error),
  );

describe('a database that lets a service not in', () => {
  it.each<[string, () => string, RegExp]>([
    [
      'for its password',
      () => as(owner.url, 'signet_owner', 'wrong-password'),
      /refuses the password of signet_owner.*signet database prepare/,
    ],
    ['for want of a role', () => as(owner.url, 'signet_nobody', 'suite'), /signet_nobody, or has no such role/],
    ['for want of the database', () => elsewhere('nowhere'), /has no database nowhere: make it/],
  ])('%s is refused, not waited for, and says what to do', async (_, url, sentence) => {
    for (const work of [() => open(url()), () => migrate({ url: url(), service: 'owner', migrations: [] })]) {
      await expect(work()).rejects.toBeInstanceOf(DatabaseRefused);
      expect(await sentenceOf(work())).toMatch(sentence);
      expect(await sentenceOf(work())).not.toContain('wrong-password');
    }
  });

  it('for want of the privilege to connect is refused', async () => {
    const { rows } = await owner.admin.query<{ name: string }>('select current_database() as name');
    const name = rows[0]?.name ?? '';
    await owner.admin.query(`revoke connect on database ${name} from public, signet_owner`);
    expect(await sentenceOf(open(owner.url))).toMatch(/does not let signet_owner connect to .*signet database prepare/);
    await owner.admin.query(`grant connect on database ${name} to public, signet_owner`);
  });

  it('for want of privileges on its schema is refused', async () => {
    await prepareDatabase({ adminUrl: owner.adminUrl, services: [{ name: 'stranger' }] });
    const work = open(owner.url, 'stranger');
    await expect(work).rejects.toBeInstanceOf(UnfitServer);
    expect(await sentenceOf(work)).toMatch(
      /The role of stranger may not use its schema, or there is none: run `signet database prepare`/,
    );
  });

  it('for want of its schema, or of tables in it, is refused', async () => {
    expect(await sentenceOf(open(owner.url, 'missing'))).toMatch(/no schema missing: run `signet database prepare`/);
  });

  it('since it is not there is waited for', async () => {
    const away = Object.assign(new URL(owner.url), { port: '1' }).href;
    const work = open(away);
    await expect(work).rejects.toBeInstanceOf(DatabaseUnavailable);
    await expect(work).rejects.not.toBeInstanceOf(DatabaseRefused);
  });
});

describe('the schema of an installation', () => {
  const ours = { issuer: 'https://id.example', keys: ['a'] };
  const openAs = async (installation: { issuer: string; keys: readonly string[] }) => {
    const database = await owner.open({ migrations: [], installation });
    await database.close();
  };
  const known = () => readInstallation({ query: async ({ text }) => (await owner.admin.query(text)).rows as never[] });

  it('is taken by the first of several that come at once, for good', async () => {
    expect(await known()).toBeUndefined();
    const issuers = ['https://a.example', 'https://b.example', 'https://c.example'];
    const results = await Promise.allSettled(issuers.map((issuer) => openAs({ ...ours, issuer })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = issuers[results.findIndex(({ status }) => status === 'fulfilled')];
    expect(await known()).toEqual({ ...ours, issuer: winner });
    await owner.admin.query('delete from installation');
  });

  it('is refused to another issuer and to another keyring, and stays as it is', async () => {
    await openAs(ours);
    await expect(openAs({ ...ours, issuer: 'https://other.example' })).rejects.toThrow(
      /owner belongs to the installation https:\/\/id.example, and SIGNET_ISSUER is https:\/\/other.example.*installation adopt/,
    );
    await expect(openAs({ ...ours, keys: ['b'] })).rejects.toThrow(
      /owner belongs to an installation with another keyring/,
    );
    expect(await known()).toEqual(ours);
  });

  it('learns of the next key of a keyring', async () => {
    await openAs({ ...ours, keys: ['b', 'a'] });
    await openAs(ours);
    await openAs({ ...ours, keys: ['b'] });
    expect(await known()).toEqual({ ...ours, keys: ['b', 'a'] });
  });

  it('goes on under what it is adopted by', async () => {
    const next = { issuer: 'https://other.example', keys: ['c'] };
    const database = await owner.open({ migrations: [] });
    await database.execute(adoptInstallation, next);
    await database.close();
    await openAs(next);
    await expect(openAs(ours)).rejects.toBeInstanceOf(UnfitServer);
  });
});

it('a clock that is an hour off is refused where something is to run', async () => {
  const hour = () => Date.now() + 3_600_000;
  await expect(owner.open({ migrations: [], background: true, wallClock: hour })).rejects.toThrow(
    /The clock of this machine is 3[56]\d\d s ahead of PostgreSQL's: let both follow NTP/,
  );
  await (await owner.open({ migrations: [], background: true })).close();
});

it('a server that may lose what it acknowledged is told what to turn on', async () => {
  await expect(owner.open({ migrations: [], allowUnsafeDurability: false })).rejects.toThrow(
    /fsync is off.*Turn it on in postgresql.conf/,
  );
});
