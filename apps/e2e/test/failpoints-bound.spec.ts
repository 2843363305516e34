import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  alice,
  approveDevice,
  AuditLog,
  beginDevice,
  DpopProver,
  Plane,
  pollDevice,
  RawClient,
  sameProof,
  secrets,
  twinTenants,
  until,
  UserAgent,
  waitingOf,
  type Answer,
} from '../src/index.js';

const statements = [
  'token.device.begin',
  'token.device.approve',
  'token.device.poll',
  'token.request.push',
  'token.grant.issue',
  'token.dpop-proof.spend',
  'token.code.redeem',
  'token.family.rotate',
];
const challenge = { code_challenge: 'c'.repeat(42) + 'A', code_challenge_method: 'S256' };
const walk = [
  ...statements.flatMap((name) => [`before-commit:${name}`, `after-commit:${name}`]),
  ...['/token', '/par', '/device_authorization'].map((route) => `before-respond:${route}`),
];

// The device grant (RFC 8628), codes and refresh tokens with a proof (RFC 9449), and pushed requests (RFC 9126).
describe('killed at a failpoint', () => {
  let plane: Plane;
  let television: RawClient;
  let client: RawClient;
  let prover: DpopProver;
  let bound: RawClient;
  let agent: UserAgent;
  let log: AuditLog;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'one process', failpoints: true, configuration: twinTenants() });
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    television = new RawClient(plane.issuer, 'default', 'demo-tv');
    prover = await DpopProver.create();
    // A public one: its refresh tokens are bound to the key.
    bound = new RawClient(plane.issuer, 'default', 'demo-spa').proving(prover);
    agent = new UserAgent(plane.issuer);
    await client.signIn({}, agent);
    log = new AuditLog(plane);
  }, 120_000);
  afterAll(() => plane.stop());

  const begin = async () => waitingOf(await beginDevice(television));
  const push = () => client.post('/par', Object.fromEntries(new URL(client.authorizationUrl(challenge)).searchParams));
  const codeOf = async (pushed: Answer) => {
    const query = new URLSearchParams({ client_id: 'demo', request_uri: String(pushed.body['request_uri']) });
    const { left } = await agent.answer(`${client.at('/authorize')}?${query.toString()}`, alice);
    return left?.searchParams.get('code') ?? undefined;
  };
  /** Answers come as long as the process lives. */
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (!plane.part('token').program.running) return undefined;
    try {
      return await work();
    } catch {
      return undefined;
    }
  };
  const told = ({ status, body }: Answer) => (status === 400 ? body['error'] : status);

  it.each(walk)(
    '%s: a retry succeeds or is refused cleanly, and nothing works twice',
    async (failpoint) => {
      const part = plane.part('token');
      // Made while all is well: what the killed process will be asked for.
      const [approved, waiting, pushed] = [await begin(), await begin(), await push()];
      expect((await approveDevice(approved, agent)).status).toBe(200);
      const [code, another] = [await bound.signIn({}, agent), await bound.signIn({}, agent)];
      const refreshToken = String((await bound.redeem(another)).body['refresh_token']);
      const once = bound.proving(sameProof(await prover.proof('POST', bound.at('/token'))));
      part.dieAt(failpoint);

      await attempt(begin);
      await attempt(push);
      const polled = await attempt(() => pollDevice(television, approved));
      const redeemed = await attempt(() => once.redeem(code));
      const refreshed = await attempt(() => bound.refresh(refreshToken));
      await attempt(() => approveDevice(waiting, agent));
      const firstCode = await attempt(() => codeOf(pushed));
      await until('the process to die', () => Promise.resolve(!part.program.running || undefined));
      await part.start();

      const polledAgain = await pollDevice(television, approved);
      expect([200, 'invalid_grant']).toContain(told(polledAgain));
      expect([polled, polledAgain].filter((answer) => answer?.status === 200).length).toBeLessThanOrEqual(1);

      // The same request, proof and all; then the proof is spent, whatever the process had come to.
      const redeemedAgain = await once.redeem(code);
      expect([200, 'invalid_grant', 'invalid_dpop_proof']).toContain(told(redeemedAgain));
      expect(told(await once.redeem(code))).toBe('invalid_dpop_proof');
      const redeemedAnew = await bound.redeem(code);
      expect([200, 'invalid_grant']).toContain(told(redeemedAnew));
      const successes = [redeemed, redeemedAgain, redeemedAnew].filter((answer) => answer?.status === 200);
      expect(successes.length).toBeLessThanOrEqual(1);

      // No family forks: the retry within the grace gives the same successor, or is refused.
      const refreshedAgain = await bound.refresh(refreshToken);
      expect([200, 'invalid_grant']).toContain(told(refreshedAgain));
      if (refreshed?.status === 200 && refreshedAgain.status === 200)
        expect(refreshedAgain.body['refresh_token']).toBe(refreshed.body['refresh_token']);

      // The yes stands or it does not.
      const stands = await pollDevice(television, waiting);
      if (stands.body['error'] === 'authorization_pending') {
        expect((await approveDevice(waiting, agent)).status).toBe(200);
        expect(told(await pollDevice(television, waiting))).toBe(200);
      } else expect(told(stands)).toBe(200);

      const secondCode = await codeOf(pushed);
      expect([firstCode, secondCode].filter((given) => given !== undefined).length).toBeLessThanOrEqual(1);
      expect([(await beginDevice(television)).status, (await push()).status]).toEqual([200, 201]);
    },
    120_000,
  );

  it('lost no committed event, after all of them, and committed none twice', async () => {
    await log.settled();
    const entries = await log.entries();
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const count = (type: string) => entries.filter((entry) => entry.type === type).length;
    expect(count('signet.token.device.redeemed.v1')).toBe(2 * walk.length);
    expect(count('signet.token.code.redeemed.v1')).toBe(2 * walk.length);
  }, 90_000);
});
