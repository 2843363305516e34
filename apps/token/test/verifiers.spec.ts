import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listKeys, retireKey, rotateKeys } from '@signet/contracts';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose';
import { jwksMaxAge, publishedAhead } from '../src/keys/key-schedule.js';
import { KeySets } from '../src/keys/key-sets.js';
import { basic, get, populate, post, secret, type Population } from './support/population.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';

/** Minutes become seconds of this many: what is published ten minutes ahead, and kept for five, takes two seconds and one. */
const hurry = 300;

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

const issue = async (replica: Replica): Promise<string> => {
  const robot = { authorization: basic('robot', secret) };
  const { body } = await post(replica, '/token', { grant_type: 'client_credentials' }, robot);
  return String(body['access_token']);
};
const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? '';

/** Seconds for which /jwks may be kept, as it says itself. */
async function maxAgeOf(replica: Replica): Promise<number> {
  const { headers } = await get(replica, '/jwks');
  return Number(/(?:^|[ ,])max-age=(\d+)(?:,|$)/.exec(String(headers.get('cache-control')))?.[1]);
}

interface Verifier {
  readonly verify: (token: string) => Promise<boolean>;
  readings: number;
}

/** A resource server that knows /jwks of one replica alone. `cooldown`: milliseconds between two readings for a kid that it does not know. */
function verifier(replica: Replica, keptFor: number, cooldown: number): Verifier {
  const jwks = createRemoteJWKSet(new URL(`${replica.origin}/jwks`), {
    cacheMaxAge: keptFor,
    cooldownDuration: cooldown,
    [customFetch]: (url, options) => {
      made.readings += 1;
      return fetch(url, options);
    },
  });
  const made = {
    readings: 0,
    verify: (token: string) =>
      jwtVerify(token, jwks).then(
        () => true,
        () => false,
      ),
  };
  return made;
}

/** Tokens of both replicas at each verifier, for as long as `work` goes on. Gives the kids that signed, and of the tokens those that did not verify. */
async function issuedDuring(work: Promise<unknown>, verifiers: readonly Verifier[]) {
  const progress = { isOver: false };
  const over = work.finally(() => (progress.isOver = true));
  const [kids, refused] = [new Set<string>(), [] as string[]];
  while (!progress.isOver) {
    for (const token of await Promise.all(mesh.replicas.map(issue))) {
      kids.add(kidOf(token));
      const verdicts = await Promise.all(verifiers.map(({ verify }) => verify(token)));
      if (verdicts.includes(false)) refused.push(kidOf(token));
    }
  }
  await over;
  return { kids, refused };
}

describe('who verifies tokens without asking', () => {
  it('keeps /jwks for as long as it may, and meets no key that is not in it, however often keys rotate', async () => {
    expect(await maxAgeOf(mesh.replicas[0])).toBe(jwksMaxAge);
    const keptFor = (jwksMaxAge / hurry) * 1_000;
    // None of them may read for a kid that it does not know: only when what it keeps is too old.
    const verifiers = mesh.replicas.map((replica) => verifier(replica, keptFor, Infinity));
    const began = performance.now();
    const rotating = (async () => {
      for (let round = 0; round < 8; round += 1) {
        const keys = mesh.replicas[round % 2 === 0 ? 0 : 1].service.app.get(KeySets);
        const context = { actor: 'operator:signet' } as const;
        await keys.rotate(acme.tenant.id, 'ES256', { ahead: publishedAhead / hurry, reason: 'requested', context });
        await new Promise((resolve) => setTimeout(resolve, 700));
      }
      await new Promise((resolve) => setTimeout(resolve, (publishedAhead / hurry) * 1_000));
    })();
    const { kids, refused } = await issuedDuring(rotating, verifiers);
    expect(refused).toEqual([]);
    expect(kids.size).toBeGreaterThan(5);
    const seconds = (performance.now() - began) / 1_000;
    for (const { readings } of verifiers) expect(readings).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  }, 60_000);

  it('reads anew for a key that it does not know, and so meets those that are used at once', async () => {
    const verifiers = mesh.replicas.map((replica) => verifier(replica, jwksMaxAge * 1_000, 0));
    const rotating = (async () => {
      for (let round = 0; round < 5; round += 1)
        await mesh.ask(rotateKeys, { tenantId: acme.tenant.id, alg: 'ES256', immediately: true });
    })();
    const { kids, refused } = await issuedDuring(rotating, verifiers);
    expect(refused).toEqual([]);
    expect(kids.size).toBeGreaterThan(1);
  }, 60_000);

  it('loses by a rotation nothing but what a compromised key has signed', async () => {
    const [one, two] = mesh.replicas;
    const before = verifier(one, jwksMaxAge * 1_000, 0);
    const tokens = await Promise.all([issue(one), issue(two)]);
    for (const token of tokens) expect(await before.verify(token)).toBe(true);
    const { keys } = await mesh.ask(listKeys, { tenantId: acme.tenant.id });
    const kid = keys.find(({ alg, inUse }) => alg === 'ES256' && inUse)?.kid ?? '';
    expect(tokens.map(kidOf)).toContain(kid);
    await mesh.ask(retireKey, { tenantId: acme.tenant.id, kid, compromised: true, reason: 'a test' });
    // Whoever has read /jwks since then.
    const after = mesh.replicas.map((replica) => verifier(replica, jwksMaxAge * 1_000, 0));
    for (const { verify } of after) {
      for (const token of tokens) expect(await verify(token)).toBe(kidOf(token) !== kid);
      expect(await verify(await issue(one))).toBe(true);
      expect(await verify(await issue(two))).toBe(true);
    }
  });
});
