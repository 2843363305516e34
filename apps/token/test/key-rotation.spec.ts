import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPublicKeys, listKeys, newId, retireKey, rotateKeys, tenantId } from '@signet/contracts';
import { decryptJwe, encryptJwe, Keyring, selectEncryptionKey } from '@signet/keys';
import type { DatabaseClock } from '@signet/persistence';
import { keyEncryptionAlgorithms, type ClientJwks } from '@signet/protocol';
import { Resealing } from '@signet/service';
import { tokenService } from '../src/index.js';
import { KeySets } from '../src/keys/key-sets.js';
import { rotateDueKeys } from '../src/keys/key-rotation.js';
import { eventually } from './support/eventually.js';
import { basic, get, populate, post, secret, type Population } from './support/population.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

const robot = { authorization: basic('robot', secret) };
const issue = async (replica: Replica): Promise<string> => {
  const { body } = await post(replica, '/token', { grant_type: 'client_credentials' }, robot);
  return String(body['access_token']);
};
const isActive = async (replica: Replica, token: string) =>
  (await post(replica, '/introspect', { token }, robot)).body['active'] === true;
const kidOf = (jwt: string) =>
  (JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
const published = async (replica: Replica) =>
  ((await get(replica, '/jwks')).body['keys'] as { kid: string; alg: string }[]).map(({ kid }) => kid);
const rotate = (immediately: boolean) => mesh.ask(rotateKeys, { tenantId: acme.tenant.id, alg: 'ES256', immediately });
const listed = async () =>
  (await mesh.ask(listKeys, { tenantId: acme.tenant.id })).keys.filter(({ alg }) => alg === 'ES256');

describe('a rotation', () => {
  it('publishes the next key at both replicas, and signs with the old one until its time comes', async () => {
    const [one, two] = mesh.replicas;
    const before = kidOf(await issue(one));
    expect(await rotate(false)).toEqual({ made: 1 });
    const [old, next] = await listed();
    expect(old).toMatchObject({ kid: before, inUse: true, published: true });
    expect(next).toMatchObject({ inUse: false, published: true });
    const { rotateAfter } = acme.tenant.policies.keys;
    expect([old?.nextMadeAt, next?.nextMadeAt]).toEqual([undefined, (next?.createdAt ?? 0) + rotateAfter * 1_000_000]);
    expect((next?.usedFrom ?? 0) - (next?.createdAt ?? 0)).toBe(600_000_000);
    for (const replica of [one, two]) {
      expect(await published(replica)).toEqual(expect.arrayContaining([before, next?.kid]));
      expect(kidOf(await issue(replica))).toBe(before);
    }
  });

  it('is in force at once where it is forced, and what the old key signed stays good everywhere', async () => {
    const [one, two] = mesh.replicas;
    const token = await issue(one);
    expect(await rotate(true)).toEqual({ made: 1 });
    const current = (await listed()).at(-1)?.kid;
    const signsWith = async (replica: Replica) => kidOf(await issue(replica)) === current;
    for (const replica of [one, two]) {
      expect(await published(replica)).toEqual(expect.arrayContaining([kidOf(token), current]));
      expect(await eventually(() => signsWith(replica))).toBe(true);
      expect(await isActive(replica, token)).toBe(true);
    }
  });

  it('is seen by no client: every token that is issued meanwhile verifies at the other replica', async () => {
    const [one, two] = mesh.replicas;
    const rotations = { left: 3 };
    const rotating = (async () => {
      for (; rotations.left > 0; rotations.left -= 1) await rotate(true);
    })();
    const kids = new Set<string>();
    while (rotations.left > 0) {
      const tokens = await Promise.all([issue(one), issue(two)]);
      for (const token of tokens) kids.add(kidOf(token));
      const [atTwo, atOne] = await Promise.all([isActive(two, tokens[0]), isActive(one, tokens[1])]);
      expect([atTwo, atOne]).toEqual([true, true]);
    }
    await rotating;
    expect(kids.size).toBeGreaterThan(1);
  });

  it('makes one key a generation, however many ask at once', async () => {
    const before = (await listed()).length;
    const answers = await Promise.all([rotate(true), rotate(true), rotate(true), rotate(true)]);
    const made = answers.reduce((sum, answer) => sum + answer.made, 0);
    expect((await listed()).length).toBe(before + made);
    expect(new Set((await listed()).map(({ kid }) => kid)).size).toBe(before + made);
  });

  it('is recorded with its reason', async () => {
    const events = await mesh.recorded('signet.token.key.created.v1', acme.tenant);
    expect(events).toContainEqual(
      expect.objectContaining({
        actor: 'operator:signet',
        reason: 'requested',
        data: expect.objectContaining({ alg: 'ES256', publishedAhead: 600 }) as unknown,
      }),
    );
  });

  it('is not for a tenant that does not exist', async () => {
    const asked = mesh.ask(rotateKeys, { tenantId: newId(tenantId), immediately: true });
    await expect(asked).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the policy', () => {
  it('replaces keys of its age, once, and leaves younger ones', async () => {
    const globex = await populate(mesh, 'globex');
    const { parts } = mesh.replicas[0].service;
    const days = (count: number) => count * 86_400 * 1_000_000;
    let ahead = 0;
    const clock = {
      known: () => true,
      now: () => (parts.database.now() + ahead) as ReturnType<DatabaseClock['now']>,
    };
    const { database, keyring, events } = parts;
    const keys = new KeySets({ database, keyring, events, clock });
    await keys.refresh();
    const copies = { tenantById: () => Promise.resolve(globex.tenant) };
    const count = () => keys.keys(globex.tenant.id).length;
    const before = count();
    expect(before).toBeGreaterThan(0);

    ahead = days(globex.tenant.policies.keys.rotateAfter / 86_400) - days(1);
    await rotateDueKeys(keys, copies, clock);
    expect(count()).toBe(before);

    ahead += days(1);
    await rotateDueKeys(keys, copies, clock);
    expect(count()).toBe(before * 2);

    // RP-Initiated Logout 1.0 section 2: what a withdrawn key signed is a hint for as long as somebody has it.
    ahead += days(1);
    const shown = (await keys.publishedKeys(globex.tenant.id)).map(({ kid }) => kid);
    const signing = keys.keys(globex.tenant.id).filter(({ publicJwk }) => publicJwk.use === 'sig');
    const withdrawn = signing.map(({ kid }) => kid).filter((kid) => !shown.includes(kid));
    expect([shown.length, withdrawn.length]).toEqual([before, signing.length / 2]);
    const { keys: forHints } = await mesh.ask(findPublicKeys, { tenantId: globex.tenant.id });
    expect(forHints.map(({ kid }) => kid)).toEqual(expect.arrayContaining(withdrawn));
  });
});

describe('the keys that clients encrypt to', () => {
  it('are published beside the others, and open what was encrypted with any of them, before a rotation and after', async () => {
    const [one] = mesh.replicas;
    const keys = one.service.app.get(KeySets);
    const encrypted = async () => {
      const { keys: jwks } = (await get(one, '/jwks')).body as { keys: ClientJwks['keys'] };
      const recipients = keyEncryptionAlgorithms.map((alg) => selectEncryptionKey({ keys: jwks }, alg));
      return Promise.all(
        recipients.map(async (recipient) => {
          if (recipient === undefined) throw new Error('a key is not published');
          return encryptJwe({ plaintext: 'hello', recipient, enc: 'A256GCM' });
        }),
      );
    };
    const before = await encrypted();
    await mesh.ask(rotateKeys, { tenantId: acme.tenant.id, alg: 'RSA-OAEP-256', immediately: true });
    await keys.refresh();
    for (const jwe of [...before, ...(await encrypted())]) {
      const opened = await decryptJwe({
        jwe,
        keys: await keys.encryptionKeys(acme.tenant.id),
        algs: keyEncryptionAlgorithms,
        encs: ['A256GCM'],
      });
      expect(opened).toMatchObject({ ok: true, plaintext: 'hello' });
    }
  });

  it('sign nothing and verify nothing', async () => {
    const { keys } = await mesh.ask(findPublicKeys, { tenantId: acme.tenant.id });
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter(({ use }) => use !== 'sig')).toEqual([]);
  });
});

describe('a key that is retired', () => {
  const retire = (kid: string, compromised: boolean, reason = 'found on a laptop') =>
    mesh.ask(retireKey, { tenantId: acme.tenant.id, kid, compromised, reason });
  const userinfoStatus = async (replica: Replica, token: string) =>
    (await get(replica, '/userinfo', { authorization: `Bearer ${token}` })).status;

  it('is replaced where it is not, and stays good and published for as long as what it signed may live', async () => {
    const [one] = mesh.replicas;
    await rotate(true);
    const kid = (await listed()).at(-1)?.kid ?? '';
    const token = await issue(one);
    const retired = await retire(kid, false);
    const next = (await listed()).at(-1);
    expect(retired).toMatchObject({ alg: 'ES256', successor: next?.kid, successorUsedFrom: next?.usedFrom });
    expect(next?.kid).not.toBe(kid);
    expect(retired.publishedUntil - retired.successorUsedFrom).toBe(7_200_000_000);
    expect(await retire(kid, false)).toEqual(retired);
    expect(await isActive(one, token)).toBe(true);
    expect(await published(one)).toContain(kid);
  });

  it('and compromised is taken by no replica within a second, its private half erased, another in its place', async () => {
    const [one, two] = mesh.replicas;
    await rotate(true);
    const current = (await listed()).at(-1)?.kid ?? '';
    expect(await eventually(async () => kidOf(await issue(one)) === current)).toBe(true);
    const token = await issue(one);
    for (const replica of [one, two]) expect(await isActive(replica, token)).toBe(true);

    const retired = await retire(current, true);
    const after = performance.now();
    while ((await isActive(one, token)) || (await isActive(two, token)))
      expect(performance.now() - after).toBeLessThan(1_000);
    for (const replica of [one, two]) {
      expect(await published(replica)).not.toContain(current);
      expect(await userinfoStatus(replica, token)).toBe(401);
      const anew = await issue(replica);
      expect(kidOf(anew)).toBe(retired.successor);
      expect([await isActive(one, anew), await isActive(two, anew)]).toEqual([true, true]);
    }
    // RP-Initiated Logout 1.0 section 2: a forged hint names whomever it likes.
    const { keys: forHints } = await mesh.ask(findPublicKeys, { tenantId: acme.tenant.id });
    expect(forHints.map(({ kid }) => kid)).not.toContain(current);
    expect(retired.cachedFor).toBe(300);
    const rows = await mesh.database.query<{ private: Buffer | null }>(
      'select private from token.tenant_key where kid = $1',
      [current],
    );
    expect(rows).toEqual([{ private: null }]);

    const count = (await listed()).length;
    expect(await retire(current, true, 'again')).toMatchObject({ successor: retired.successor });
    expect((await listed()).length).toBe(count);
    const events = await mesh.recorded('signet.token.key.compromised.v1', acme.tenant);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      ...{ actor: 'operator:signet', reason: 'found on a laptop' },
      data: { kid: current, alg: 'ES256', successor: retired.successor },
    });
  });

  it('and compromised while others retire and rotate at the same time leaves one key in use, and it is none of them', async () => {
    const [one] = mesh.replicas;
    await rotate(true);
    const [before, last] = (await listed()).slice(-2).map(({ kid }) => kid);
    await Promise.all([
      retire(last ?? '', true),
      rotate(true),
      retire(last ?? '', true),
      retire(before ?? '', true),
      rotate(false),
    ]);
    const keys = await listed();
    const inUse = keys.filter((key) => key.inUse);
    expect(inUse).toHaveLength(1);
    expect([before, last]).not.toContain(inUse[0]?.kid);
    expect(keys.filter(({ compromisedAt }) => compromisedAt !== undefined).map(({ kid }) => kid)).toEqual(
      expect.arrayContaining([before, last]),
    );
    expect(await eventually(async () => kidOf(await issue(one)) === inUse[0]?.kid)).toBe(true);
  });

  it('must be one of the tenant', async () => {
    const globex = await populate(mesh, 'initech');
    const kid = (await listed()).at(-1)?.kid ?? '';
    for (const compromised of [true, false]) {
      const asked = mesh.ask(retireKey, { tenantId: globex.tenant.id, kid, compromised, reason: 'x' });
      await expect(asked).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('private keys that are sealed anew', () => {
  it('sign as before, for a process that has the new key alone', async () => {
    const { parts } = mesh.replicas[0].service;
    const { database, events, logger } = parts;
    const next = { id: 'next', purpose: 'encryption' as const, secret: createSecretKey(randomBytes(32)) };
    const both = new Keyring([...mesh.keyring.all('encryption'), { ...next, usedFrom: new Date() }]);
    const sealed = () =>
      mesh.database.query<{ private: Buffer }>(`select private from token.tenant_key where private is not null`);
    const before = await sealed();
    const metrics = { gauge: () => undefined };
    await new Resealing(tokenService.sealed ?? [], { database, keyring: both, logger, metrics }).round();
    expect((await sealed()).length).toBe(before.length);

    const alone = new Keyring(both.all('encryption').filter(({ id }) => id === 'next'));
    const keys = new KeySets({ database, keyring: alone, events, clock: database.clock });
    await keys.refresh();
    const { kid } = await keys.signingKey(acme.tenant.id, 'ES256');
    expect((await listed()).find(({ inUse }) => inUse)?.kid).toBe(kid);
  });
});
