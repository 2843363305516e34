import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Plane,
  RawClient,
  secrets,
  twinTenants,
  until,
  withinASecond,
  type Answer,
  type TokenSet,
} from '../src/index.js';

/** Longest for which a replica answers by what its last good poll read (docs/adr/0002), in milliseconds. */
const answersByAPoll = 800;

/** What a client gives back at one replica of token, the other does not take any more. */
describe('two replicas of token', () => {
  let plane: Plane;
  let here: RawClient;
  let there: RawClient;
  let tokens: TokenSet;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'five processes', configuration: twinTenants() });
    const replica = (index: number) =>
      new RawClient(plane.part('token', index).origin, 'default', 'demo', secrets.demo);
    [here, there] = [replica(0), replica(1)];
  }, 120_000);
  afterAll(() => plane.stop());

  beforeEach(async () => {
    const client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    tokens = await until('sign-in', () => client.signInForTokens());
    for (const replica of [here, there]) {
      expect(await state(replica)).toEqual({ introspect: true, userinfo: 200 });
    }
  });

  const state = async (replica: RawClient) => {
    const [introspected, userinfo] = await Promise.all([
      replica.introspect(tokens.access_token),
      replica.userinfo(tokens.access_token),
    ]);
    return { introspect: introspected.body['active'], userinfo: userinfo.status };
  };
  const dead = { introspect: false, userinfo: 401 };
  const refused = (answer: Answer) => `${answer.status} ${String(answer.body['error'])}`;

  describe.each<[string, (given: TokenSet) => string]>([
    ['access token', (given) => given.access_token],
    ['refresh token, and the access token that came with it', (given) => given.refresh_token],
  ])('see a revoked %s', (_what, of) => {
    it('within a second, though NATS stops right after it', async () => {
      expect((await here.revoke(of(tokens))).status).toBe(200);
      const acknowledged = performance.now();
      await plane.nats.stop();
      try {
        await withinASecond(acknowledged, async () => {
          expect([await state(here), await state(there)]).toEqual([dead, dead]);
        });
      } finally {
        await plane.startNatsAgain();
      }
    });

    it('in the first answer of the one that stood still meanwhile', async () => {
      const { program } = plane.part('token', 1);
      await program.pause();
      const paused = performance.now();
      let first: Promise<unknown>;
      try {
        expect((await here.revoke(of(tokens))).status).toBe(200);
        // Asked while it stands still: this is the first that it has to answer.
        first = state(there);
        await until('what it has read to be too old', () =>
          Promise.resolve(performance.now() - paused > answersByAPoll || undefined),
        );
      } finally {
        program.signal('SIGCONT');
      }
      expect(await first).toEqual(dead);
    });
  });

  it('refuses to refresh a family that was given back while it stood still', async () => {
    const { program } = plane.part('token', 1);
    await program.pause();
    let first: Promise<Answer>;
    try {
      expect((await here.revoke(tokens.refresh_token)).status).toBe(200);
      first = there.refresh(tokens.refresh_token);
    } finally {
      program.signal('SIGCONT');
    }
    expect(refused(await first)).toBe('400 invalid_grant');
  });
});
