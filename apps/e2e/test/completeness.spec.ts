import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditLog, Plane, RawClient, secrets, twinTenants, UserAgent, type LoggedEvent } from '../src/index.js';

/** Sign-ins, refreshes, failures and a logout: what a busy minute leaves in the log. */
async function busy(client: RawClient): Promise<void> {
  const { refresh_token: token, id_token: hint, agent } = await client.signInForTokens();
  await client.refresh(token);
  await client.token({ grant_type: 'authorization_code', code: 'nonsense', redirect_uri: 'http://localhost/' });
  const stranger = new UserAgent(client.base);
  const page = await stranger.open(client.authorizationUrl());
  const refused = await stranger.submit(page, { username: 'alice', password: 'wrong-password' });
  expect(refused.status).toBe(400);
  await agent.open(`${client.at('/logout')}?${new URLSearchParams({ id_token_hint: hint }).toString()}`);
}

/** Each event once; each aggregate's versions without a gap, in their order. */
function expectSound(entries: readonly LoggedEvent[]): void {
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  const versions = new Map<string, number>();
  for (const { aggregate, version } of entries) {
    expect({ aggregate, version }).toEqual({ aggregate, version: (versions.get(aggregate) ?? 0) + 1 });
    versions.set(aggregate, version);
  }
}

const countOf = (entries: readonly LoggedEvent[], type: string) =>
  entries.filter((entry) => entry.type === type).length;

describe('the audit log', () => {
  let plane: Plane;
  let client: RawClient;
  let log: AuditLog;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'five processes', configuration: twinTenants() });
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    log = new AuditLog(plane);
  }, 120_000);
  afterAll(() => plane.stop());

  it('holds every committed event once, in the order of its aggregate', async () => {
    await Promise.all([busy(client), busy(client), busy(client)]);
    await log.settled();
    const entries = await log.entries();
    expectSound(entries);
    expect(countOf(entries, 'signet.authn.sign-in.succeeded.v1')).toBe(3);
    expect(countOf(entries, 'signet.authn.sign-in.failed.v1')).toBe(3);
    expect(countOf(entries, 'signet.token.code.redeemed.v1')).toBe(3);
    expect(countOf(entries, 'signet.token.family.rotated.v1')).toBe(3);
    expect(countOf(entries, 'signet.session.session.ended.v1')).toBe(3);
  }, 60_000);

  it('misses nothing after audit was killed in the middle', async () => {
    const before = countOf(await log.entries(), 'signet.token.code.redeemed.v1');
    const audit = plane.part('audit');
    const work = busy(client);
    audit.program.signal('SIGKILL');
    await audit.program.exited;
    await work;
    await busy(client);
    await audit.start();
    await log.settled();
    const entries = await log.entries();
    expectSound(entries);
    expect(countOf(entries, 'signet.token.code.redeemed.v1')).toBe(before + 2);
  }, 90_000);

  it('misses nothing after JetStream lost all that it had', async () => {
    const before = countOf(await log.entries(), 'signet.token.token.issued.v1');
    const service = new RawClient(plane.issuer, 'default', 'demo-service', secrets.service);
    const audit = plane.part('audit');
    await audit.program.stop();
    for (let count = 0; count < 5; count += 1) {
      expect((await service.token({ grant_type: 'client_credentials', scope: 'api:read' })).status).toBe(200);
    }
    await plane.restartNats({ wipe: true });
    await audit.start();
    await log.settled(90);
    const entries = await log.entries();
    expectSound(entries);
    expect(countOf(entries, 'signet.token.token.issued.v1')).toBe(before + 5);
  }, 120_000);

  it('is read by the signet command', async () => {
    const list = ['events', 'list', '--type', 'signet.authn.sign-in.failed.v1', '--json'];
    const [newest] = (await plane.signet(...list, '--personal')).trim().split('\n');
    expect(JSON.parse(newest ?? '')).toMatchObject({
      type: 'signet.authn.sign-in.failed.v1',
      reason: 'wrong_password',
      personal: { username: 'alice', network: { ip: expect.any(String) } },
    });
    const [closed] = (await plane.signet(...list)).trim().split('\n');
    expect(JSON.parse(closed ?? '')).toMatchObject({ personal: null });
  }, 30_000);
});
