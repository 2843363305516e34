import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FailpointName } from '@signet/contracts';
import {
  AuditLog,
  Plane,
  RawClient,
  secrets,
  twinTenants,
  until,
  type Answer,
  type TokenSet,
  type UserAgent,
} from '../src/index.js';

/** Details at which each failpoint is hit: a statement's name, a request's subject, a route. */
const failpoints: Readonly<Record<FailpointName, readonly string[]>> = {
  'before-commit': ['token.code.redeem', 'token.family.rotate', 'session.session.begin', 'token.grant.issue'],
  'after-commit': ['token.code.redeem', 'token.family.rotate', 'session.session.begin', 'token.grant.issue'],
  'before-publish': [''],
  'after-publish': [''],
  'before-confirm': ['audit'],
  'after-confirm': ['audit'],
  'before-raise': [''],
  'after-raise': [''],
  'before-respond': ['signet.rpc.token.v1.grant.issue'],
};

type SignedIn = TokenSet & { readonly agent: UserAgent };

const walk = Object.entries(failpoints).flatMap(([name, details]) =>
  details.map((detail) => (detail === '' ? name : `${name}:${detail}`)),
);

describe('killed at a failpoint', () => {
  let plane: Plane;
  let client: RawClient;
  let log: AuditLog;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'one process', failpoints: true, configuration: twinTenants() });
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    log = new AuditLog(plane);
  }, 120_000);
  afterAll(() => plane.stop());

  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch {
      return undefined;
    }
  };
  const signOut = ({ id_token: hint, agent }: SignedIn) =>
    agent.open(`${client.at('/logout')}?${new URLSearchParams({ id_token_hint: hint }).toString()}`);
  const isCleanRefusal = ({ status, body }: Answer) => status === 400 && body['error'] === 'invalid_grant';

  it.each(walk)(
    '%s: a retry succeeds or is refused cleanly',
    async (failpoint) => {
      const part = plane.part('token');
      // Made while all is well: what the killed process will be asked to spend.
      const standing: SignedIn = await client.signInForTokens();
      const spent = await client.signIn();
      part.dieAt(failpoint);

      const redeemed = part.program.running ? await attempt(() => client.redeem(spent)) : undefined;
      const rotated = part.program.running ? await attempt(() => client.refresh(standing.refresh_token)) : undefined;
      if (part.program.running) await attempt(() => client.signInForTokens());
      if (part.program.running) await attempt(() => client.revoke(standing.access_token));
      if (part.program.running) await attempt(() => signOut(standing));
      await until('the process to die', () => Promise.resolve(!part.program.running || undefined));
      await part.start();

      // No code works twice: of the answers that came, before and after, one at most is a success.
      const again = await client.redeem(spent);
      expect(again.status === 200 || isCleanRefusal(again)).toBe(true);
      expect([redeemed, again].filter((answer) => answer?.status === 200).length).toBeLessThanOrEqual(1);

      // No family forks: the retry within the grace gives the same successor, or is refused.
      const retried = await client.refresh(standing.refresh_token);
      expect(retried.status === 200 || isCleanRefusal(retried)).toBe(true);
      if (rotated?.status === 200 && retried.status === 200)
        expect(retried.body['refresh_token']).toBe(rotated.body['refresh_token']);

      expect((await client.signInForTokens()).access_token).not.toBe('');
    },
    90_000,
  );

  it('lost no committed event, after all of them', async () => {
    await log.settled();
    const entries = await log.entries();
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const died = entries.filter(({ type }) => type === 'signet.token.code.redeemed.v1');
    expect(died.length).toBeGreaterThanOrEqual(walk.length);
  }, 90_000);
});
