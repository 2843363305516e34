import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findAccount, resolveAccount, type AccountId, type TenantId } from '@signet/contracts';
import { DirectoryChanges } from '../src/changes/directory-changes.js';
import { ClientSecrets } from '../src/clients/client-secrets.js';
import { clientRules } from '../src/clients/faults/client-check.js';
import { declareObjects, ObjectsRefused, type DeclaredObjects } from '../src/configuration/declare-objects.js';
import { Applying } from './applying.js';
import { aDeclaredUser } from './declarations.js';
import { recordedEvents, typesOf } from './recorded-events.js';

let the: Applying;
let tenant: TenantId;
let alice: AccountId;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(async () => {
  the.startAnew();
  const applied = await the.applied({ users: [aDeclaredUser(), aDeclaredUser({ username: 'Bob' })] });
  tenant = applied.tenantId;
  const id = applied.users.find(({ username }) => username === 'Alice')?.accountId;
  if (!id) throw new Error('no account');
  alice = id;
});

const accept = () => undefined;

function declare(objects: DeclaredObjects, account?: AccountId, judge: () => void = accept) {
  const { database, events, floors, configuration } = the.on.service.parts;
  const changes = new DirectoryChanges({ database, events, floors });
  const options = { secrets: new ClientSecrets(the.on.keyring), rules: clientRules(configuration) };
  return changes.runWithEntities({ tenantId: tenant, context: { actor: 'account:somebody' } }, (change) =>
    declareObjects(change, tenant, objects, judge, { ...options, ...(account && { account }) }),
  );
}

async function refusal(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !(error instanceof ObjectsRefused))
    throw new Error('it failed otherwise', { cause: error });
  if (error === undefined) throw new Error('it succeeded');
  return error.faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('objects that are declared one by one', () => {
  it('leave the others alone, and name who did it', async () => {
    await declare({ roles: [{ name: 'auditor', description: 'Sees all', permissions: {} }] });
    const [updated, ...others] = (await recordedEvents(the.on, tenant, 'role:%')).filter(
      ({ aggregateversion }) => aggregateversion > 1,
    );
    expect(others).toEqual([]);
    expect(updated).toMatchObject({ type: 'signet.directory.role.updated.v1', actor: 'account:somebody' });
    expect(updated?.data.after).toEqual({ description: 'Sees all' });
  });

  it('give an account another name, and free the one that it had', async () => {
    await declare({ users: [aDeclaredUser({ username: 'Alicia' })] }, alice);
    const resolved = async (identifier: string) =>
      (await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier })).account?.accountId;
    expect(await resolved('ALICIA')).toBe(alice);
    expect(await resolved('alice')).toBeUndefined();
    await declare({ users: [aDeclaredUser({ username: 'alice' })] });
    expect(await resolved('alice')).not.toBe(alice);
    const account = await the.on.requester.request(findAccount, { tenantId: tenant, accountId: alice });
    expect(account).toMatchObject({ version: 2, groups: ['staff'] });
  });

  it('never take the name of another account', async () => {
    expect(await refusal(declare({ users: [aDeclaredUser({ username: 'BOB' })] }, alice))).toEqual([
      'users.BOB.username: is taken',
    ]);
    const bob = await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'bob' });
    expect(bob.account).toMatchObject({ username: 'Bob', version: 1 });
  });

  it('are judged as in a configuration, and nothing is kept of them where they are refused', async () => {
    const before = typesOf(await recordedEvents(the.on, tenant));
    expect(await refusal(declare({ users: [aDeclaredUser({ roles: ['none'] })] }, alice))).toEqual([
      'users.Alice.roles.0: there is no role none',
    ]);
    const judged = declare({ name: 'Other' }, undefined, () => {
      throw new ObjectsRefused([]);
    });
    expect(await refusal(judged)).toEqual([]);
    expect(typesOf(await recordedEvents(the.on, tenant))).toEqual(before);
  });
});
