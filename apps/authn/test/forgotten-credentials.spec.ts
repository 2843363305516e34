import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountId, newId, planId, tenantId, type AccountId } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import type { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { PasswordConfiguration } from '../src/configuration/password-configuration.js';
import { ErasureController } from '../src/erasure/erasure.controller.js';
import { authnService } from '../src/index.js';
import { readPassword } from '../src/store/password.js';

let suite: SuiteDatabase;
let database: Database;
let configuration: PasswordConfiguration;
let erasure: ErasureController;
beforeAll(async () => {
  suite = await suiteDatabase({ services: { authn: authnService.migrations } });
  database = await suite.open('authn');
  const events = new EventFactory(loadKeyring(newKeyring()), database.clock);
  const copies = { tenantById: () => Promise.resolve(undefined) } as never;
  const floors = { add: () => Promise.resolve(), raiseLeftOf: () => Promise.resolve() } as never;
  configuration = new PasswordConfiguration(database, events, copies, floors);
  erasure = new ErasureController(database, events);
});
afterAll(async () => {
  await database.close();
  await suite.drop();
});

const acme = newId(tenantId);
const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`;
const declare = (account: AccountId, hashed: { hash?: string } = { hash }) =>
  configuration.apply({
    planId: newId(planId),
    passwords: [{ tenantId: acme, accountId: account, declaredDigest: 'A'.repeat(43), ...hashed }],
  });
const passwordOf = (account: AccountId) => database.first(readPassword, { tenantId: acme, accountId: account });
const forget = (account: AccountId) => erasure.forget({ tenantId: acme, accountId: account });
const recorded = async (account: AccountId) =>
  (await suite.query<{ leaf: Buffer }>('select leaf from authn.outbox order by id'))
    .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type: string; subject: string })
    .flatMap(({ type, subject }) => (subject === `account:${account}` ? [type] : []));

it('forgets the password of an erased account, and nobody else’s', async () => {
  const [alice, bob] = [newId(accountId), newId(accountId)];
  await declare(alice);
  await declare(bob);
  await Promise.all([forget(alice), forget(alice)]);
  expect([await passwordOf(alice), await passwordOf(bob)]).toEqual([undefined, { hash }]);
  const [row] = await suite.query('select hash, declared_digest from authn.password where account_id = $1', [alice]);
  expect(row).toEqual({ hash: null, declared_digest: null });
  expect(await recorded(alice)).toEqual(['signet.authn.password.changed.v1', 'signet.authn.credentials.erased.v1']);
});

it('takes none for it any more, from a configuration that was under way', async () => {
  const alice = newId(accountId);
  await forget(alice);
  expect(await declare(alice, {})).toEqual({ changes: 0, needed: [] });
  expect(await declare(alice)).toEqual({ changes: 0, needed: [] });
  expect(await passwordOf(alice)).toBeUndefined();
});
