import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import {
  accountId,
  newId,
  planId,
  raiseFloors,
  tenantId,
  type AccountId,
  type Floor,
  type TenantId,
  type TenantPolicies,
} from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { MeshError, type Requester } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import { EventFactory, FloorRaiser, ServiceLogger, type DirectoryCopies } from '@signet/service';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { PasswordConfiguration } from '../src/configuration/password-configuration.js';
import { authnService } from '../src/index.js';

let suite: SuiteDatabase;
let database: Database;
let configuration: PasswordConfiguration;
/** What token was asked to raise. */
let floors: Floor[];
let away: boolean;
const policies = new Map<TenantId, Pick<TenantPolicies, 'passwordChangeEndsSessions'>>();

beforeAll(async () => {
  suite = await suiteDatabase({ services: { authn: authnService.migrations } });
  database = await suite.open('authn');
  const requester = {
    request: (_: unknown, input: unknown) => {
      if (away) return Promise.reject(new MeshError('unavailable', 'away'));
      const asked = raiseFloors.request.parse(input);
      floors.push(...asked.floors);
      return Promise.resolve({ raised: asked.floors.length });
    },
  } as unknown as Requester;
  const raiser = new FloorRaiser({
    service: 'authn',
    database,
    requester,
    logger: ServiceLogger.root('silent'),
    failpoint: undefined,
  });
  const copies = {
    tenantById: (id: TenantId) => Promise.resolve({ policies: policies.get(id) ?? {} }),
  } as unknown as DirectoryCopies;
  const events = new EventFactory(loadKeyring(newKeyring()), database.clock);
  configuration = new PasswordConfiguration(database, events, copies, raiser);
});
beforeEach(() => {
  floors = [];
  away = false;
});
afterAll(async () => {
  await database.close();
  await suite.drop();
});

const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`;
const declare = (tenant: TenantId, account: AccountId, letter: string) =>
  configuration.apply({
    planId: newId(planId),
    passwords: [{ tenantId: tenant, accountId: account, declaredDigest: letter.repeat(42) + 'A', hash }],
  });

it('ends what the account was signed in to, by one floor before it is acknowledged; the first password ends nothing', async () => {
  const [acme, alice] = [newId(tenantId), newId(accountId)];
  expect(await declare(acme, alice, 'A')).toEqual({ changes: 1, needed: [] });
  expect(floors).toEqual([]);
  expect(await declare(acme, alice, 'B')).toEqual({ changes: 1, needed: [] });
  expect(floors).toMatchObject([{ kind: 'account', tenantId: acme, accountId: alice, reason: 'password_changed' }]);
  expect(await declare(acme, alice, 'B')).toEqual({ changes: 0, needed: [] });
  expect(floors).toHaveLength(1);
});

it('ends nothing where the policy of the tenant lets it go on', async () => {
  const [acme, alice] = [newId(tenantId), newId(accountId)];
  policies.set(acme, { passwordChangeEndsSessions: false });
  await declare(acme, alice, 'A');
  expect(await declare(acme, alice, 'B')).toEqual({ changes: 1, needed: [] });
  expect(floors).toEqual([]);
});

it('is not acknowledged while token is away, and a repeat that changes nothing raises what is left', async () => {
  const [acme, alice] = [newId(tenantId), newId(accountId)];
  await declare(acme, alice, 'A');
  away = true;
  await expect(declare(acme, alice, 'B')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(declare(acme, alice, 'B')).rejects.toMatchObject({ code: 'unavailable' });
  away = false;
  expect(await declare(acme, alice, 'B')).toEqual({ changes: 0, needed: [] });
  expect(floors).toMatchObject([{ kind: 'account', accountId: alice }]);
});
