import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { micros, newId, tenantId, type Tenant } from '@signet/contracts';
import { generateSigningKey, importSigningKey, type SigningKey } from '@signet/keys';
import type { Database } from '@signet/persistence';
import type { KeySets } from '../keys/key-sets.js';
import { listSize } from './status-list.js';
import { StatusLists } from './status-lists.js';

interface Running {
  end(exists: boolean): void;
  fail(): void;
}

let key: SigningKey;
beforeAll(async () => {
  const { kid, privatePkcs8 } = await generateSigningKey('ES256');
  key = importSigningKey({ kid, alg: 'ES256', privatePkcs8 });
});

const acme = { id: newId(tenantId), issuer: 'https://id.example', slug: 'default' } as unknown as Tenant;

/** Builds that last until the test ends them. */
let builds: Running[];
let now: number;
let lists: StatusLists;
beforeEach(() => {
  builds = [];
  now = 0;
  const database = {
    first: () => Promise.resolve(10 * listSize),
    run: () =>
      new Promise((resolve, reject) => {
        builds.push({
          end: (exists) => {
            resolve({ at: micros.parse(1_700_000_000_000_000), exists, revoked: [] });
          },
          fail: () => {
            reject(new Error('no database'));
          },
        });
      }),
  } as unknown as Pick<Database, 'run' | 'first'>;
  const keys = { signingKey: () => Promise.resolve(key) } as unknown as Pick<KeySets, 'signingKey'>;
  lists = new StatusLists({ database, keys, monotonic: () => now });
});

/** Until nothing moves that does not wait for a build. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const begun = async (): Promise<number> => {
  await settled();
  return builds.length;
};

describe('a list whose building takes long', () => {
  it('is built once for those who come soon, and once more for all who come later', async () => {
    const soon = [lists.read(acme, 0), lists.read(acme, 0)];
    expect(await begun()).toBe(1);
    const later = [];
    for (now = 600; now <= 3_000; now += 600) later.push(lists.read(acme, 0));
    expect(await begun()).toBe(1);
    builds[0]?.end(true);
    const first = new Set(await Promise.all(soon));
    expect(await begun()).toBe(2);
    builds[1]?.end(true);
    const second = new Set(await Promise.all(later));
    expect([first.size, second.size]).toEqual([1, 1]);
    expect([...second]).not.toEqual([...first]);
    expect(await begun()).toBe(2);
  });

  it('is built for those who wait although it failed for those before', async () => {
    const soon = lists.read(acme, 0).catch(String);
    expect(await begun()).toBe(1);
    now = 600;
    const later = lists.read(acme, 0);
    await settled();
    builds[0]?.fail();
    expect(await soon).toBe('Error: no database');
    expect(await begun()).toBe(2);
    builds[1]?.end(true);
    expect(await later).toEqual(expect.any(String));
  });

  it('leaves the pool to others: two are built at once', async () => {
    const reads = [0, 1, 2, 3].map((number) => lists.read(acme, number));
    expect(await begun()).toBe(2);
    builds[0]?.end(true);
    await reads[0];
    expect(await begun()).toBe(3);
    builds[1]?.fail();
    await expect(reads[1]).rejects.toThrow('no database');
    expect(await begun()).toBe(4);
    for (const build of builds) build.end(true);
    await Promise.all([reads[2], reads[3]]);
  });
});

it('a list that is not there is built once more for who came after its building began', async () => {
  const first = lists.read(acme, 0);
  await settled();
  now = 100;
  const joined = lists.read(acme, 0);
  await settled();
  builds[0]?.end(false);
  expect(await first).toBeUndefined();
  expect(await begun()).toBe(2);
  builds[1]?.end(true);
  expect(await joined).toEqual(expect.any(String));
});
