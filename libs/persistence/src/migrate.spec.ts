import { describe, expect, it } from '@jest/globals';
import { baseline } from './baseline.js';
import { MigrationChanged } from './errors.js';
import { migrateUnlessApplied, type AppliedStep, type Migration } from './migrate.js';
import { createHash } from 'node:crypto';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const applied = ({ name, up }: Migration, place: number, needs: string | null = null): AppliedStep => ({
  ...{ key: `${name}_${place}`, sha256: sha256(up), needs },
});
const ofBaseline = baseline.map((step, index) => applied(step, 1_600_000_000_000 + index));

const first: Migration = { name: 'first', up: 'select 1' };
const expands: Migration = { name: 'expands', up: 'select 2' };
const contracts: Migration = { name: 'contracts', up: 'select 3', needs: 'expands' };
const place = 1_700_000_000_000;

/** What a database has on which the newest version ran. */
const newest = [
  ...ofBaseline,
  applied(first, place),
  applied(expands, place + 1),
  applied(contracts, place + 2, `expands_${place + 1}`),
];

const start = (migrations: readonly Migration[], rows: readonly AppliedStep[]) =>
  migrateUnlessApplied({ url: 'postgres://nobody@127.0.0.1:1/none', service: 'owner', migrations }, () =>
    Promise.resolve([...rows]),
  );

describe('a version and the database that it finds', () => {
  it.each<[string, readonly Migration[], readonly AppliedStep[]]>([
    ['its own', [first, expands, contracts], newest],
    ['one that the next version has expanded', [first], newest.slice(0, -1)],
    ['one that contracted what it does not use any more', [first, expands], newest],
  ])('runs on %s', async (_, migrations, rows) => {
    await expect(start(migrations, rows)).resolves.toEqual([]);
  });

  it.each<[string, readonly Migration[], readonly AppliedStep[], string]>([
    ['contracted what it uses', [first], newest, 'ahead of this version: its step contracts_1700000000002'],
    [
      'was given another step in its place',
      [first, contracts, expands].map(({ name, up }) => ({ name, up })),
      newest,
      'in place of',
    ],
    ['was given a step that has changed since', [{ ...first, up: 'select 0' }], newest.slice(0, -2), 'was changed'],
  ])('refuses one that %s', async (_, migrations, rows, sentence) => {
    const refusal = start(migrations, rows);
    await expect(refusal).rejects.toBeInstanceOf(MigrationChanged);
    await expect(refusal).rejects.toThrow(sentence);
  });

  it.each(['later', 'contracts', 'nowhere'])('a step cannot need %s, which is none before it', async (needs) => {
    const later: Migration = { name: 'later', up: 'select 4' };
    await expect(start([first, { ...contracts, needs }, later], [])).rejects.toThrow('none before it');
  });
});
