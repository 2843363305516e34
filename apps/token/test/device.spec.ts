import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { denyDevice, findDevice, newId, eventId, raiseFloors, type FoundDevice } from '@signet/contracts';
import { digests } from '@signet/keys';
import { DEVICE_CODE_GRANT_TYPE } from '@signet/protocol';
import {
  approve as approveAt,
  authenticationAt,
  beginDevice,
  deviceRedemption,
  type Device,
} from './support/devices.js';
import { Prover } from './support/dpop.js';
import { eventually } from './support/eventually.js';
import {
  basic,
  claimsOf,
  isActive,
  meddle,
  populate,
  post,
  refresh,
  secret,
  type Answer,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';
import { toldOf } from './support/told.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  const grantTypes = [DEVICE_CODE_GRANT_TYPE, 'refresh_token'] as const;
  mesh.directory.clients.push(
    { ...acme.shop, clientId: 'tv', grantTypes: [...grantTypes] },
    { ...acme.spa, clientId: 'cli', grantTypes: [...grantTypes] },
  );
}, 60_000);
afterAll(() => mesh.stop());

const tv = { authorization: basic('tv', secret) };

const begin = (fields: Record<string, string> = {}, headers: Record<string, string> = tv): Promise<Device> =>
  beginDevice(mesh, acme, headers, fields);
const poll = (
  device: Device,
  headers: Record<string, string> = tv,
  replica: Replica = mesh.replicas[0],
): Promise<Answer> => post(replica, '/token', deviceRedemption(device), headers);
const find = async ({ hash }: Device): Promise<FoundDevice | null> =>
  (await mesh.ask(findDevice, { tenantId: acme.tenant.id, userCodeHash: hash })).device;
const authentication = () => authenticationAt(mesh, acme);
const approve = (device: Device, changes: Parameters<typeof approveAt>[4] = {}) =>
  approveAt(mesh, acme, device, 'tv', changes);
/** Lets the interval pass. */
const later = ({ id }: Device) =>
  meddle(mesh, `update token.device set polled_at = polled_at - interval '1 hour' where id = '${id}'`);
const eventsOf = async (type: string, { id }: Device) =>
  (await mesh.recorded(type)).filter((event) => event['aggregate'] === `device:${id}`);

describe('/device_authorization', () => {
  it('gives both codes, and keeps neither', async () => {
    const answer = await post(mesh.replicas[0], '/device_authorization', { scope: 'openid' }, tv);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: 'http://localhost:3000/device',
      verification_uri_complete: `http://localhost:3000/device?user_code=${String(answer.body['user_code'])}`,
      expires_in: 600,
      interval: 5,
    });
    const [row] = await mesh.database.query(
      'select to_jsonb(d)::text as row from token.device d order by id desc limit 1',
    );
    const kept = JSON.stringify([row, await mesh.recorded('signet.token.device.requested.v1')]);
    const { device_code, user_code } = answer.body as Record<string, string>;
    for (const told of [device_code, user_code, user_code?.replace('-', ''), device_code?.split('.')[2]]) {
      expect(kept).not.toContain(told);
    }
  });

  it.each([
    [
      'a client without the grant',
      { scope: 'openid' },
      { authorization: basic('shop', secret) },
      'unauthorized_client',
    ],
    ['a wrong secret', { scope: 'openid' }, { authorization: basic('tv', 'x') }, 'invalid_client'],
    ['no scope', {}, tv, 'invalid_scope'],
  ])('refuses %s', async (_what, fields, headers, error) => {
    const answer = await post(mesh.replicas[0], '/device_authorization', fields, headers);
    expect(answer.body).toMatchObject({ error });
  });
});

describe('a device code', () => {
  it('waits, is approved, and is redeemed with what the person agreed to', async () => {
    const device = await begin();
    expect(await find(device)).toMatchObject({ clientId: 'tv', scopes: ['openid', 'offline_access'] });
    expect((await poll(device)).body).toMatchObject({ error: 'authorization_pending' });
    expect(await approve(device)).toEqual({ outcome: 'approved' });
    expect(await find(device)).toBeNull();
    const { status, body } = await poll(device);
    expect(status).toBe(200);
    const tokens = body as unknown as Tokens;
    expect(claimsOf(tokens.id_token ?? '')).toMatchObject({ sub: acme.alice.sub, aud: 'tv' });
    expect(await isActive(mesh, { ...acme, ...tv }, tokens.access_token)).toBe(true);
    expect((await post(mesh.replicas[1], '/token', refresh(tokens.refresh_token), tv)).status).toBe(200);
    expect(await eventsOf('signet.token.device.approved.v1', device)).toHaveLength(1);
    expect(await eventsOf('signet.token.device.redeemed.v1', device)).toMatchObject([
      { aggregateversion: 3, client: 'tv', subject: `account:${acme.alice.accountId}` },
    ]);
  });

  it('that is polled too soon is told to slow down, by five seconds more each time, at every replica', async () => {
    const device = await begin();
    expect((await poll(device)).body).toMatchObject({ error: 'authorization_pending' });
    for (const replica of [mesh.replicas[1], mesh.replicas[0]]) {
      expect((await poll(device, tv, replica)).body).toMatchObject({ error: 'slow_down' });
    }
    const [row] = await mesh.database.query('select poll_interval from token.device where id = $1', [device.id]);
    expect(row).toEqual({ poll_interval: 15 });
    await later(device);
    expect((await poll(device)).body).toMatchObject({ error: 'authorization_pending' });
  });

  it('is redeemed once, of twenty polls at once at two replicas', async () => {
    const device = await begin();
    await approve(device);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => poll(device, tv, mesh.replicas[index % 2 === 0 ? 0 : 1])),
    );
    expect(toldOf(answers)).toEqual([...Array<string>(19).fill('nothing'), 'tokens']);
    expect(await eventsOf('signet.token.device.redeemed.v1', device)).toHaveLength(1);
    const session = (
      await mesh.database.query<{ session_id: string }>('select session_id from token.device where id = $1', [
        device.id,
      ])
    )[0];
    const families = await mesh.database.query('select 1 from token.family where session_id = $1', [
      session?.session_id,
    ]);
    expect(families).toHaveLength(1);
  });

  it('that its client brings again takes back what it gave', async () => {
    const device = await begin();
    await approve(device);
    const tokens = (await poll(device)).body as unknown as Tokens;
    const active = (at: 0 | 1) => isActive(mesh, { ...acme, authorization: tv.authorization }, tokens.access_token, at);
    expect(await active(0)).toBe(true);
    expect((await poll(device, { authorization: basic('shop', secret) })).body).toMatchObject({
      error: 'unauthorized_client',
    });
    expect(await active(0)).toBe(true);
    expect(await poll(device)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await active(0)).toBe(false);
    expect((await post(mesh.replicas[1], '/token', refresh(tokens.refresh_token), tv)).body).toMatchObject({
      error: 'invalid_grant',
    });
    expect(await eventually(async () => !(await active(1)))).toBe(true);
    expect(await eventsOf('signet.token.device.replayed.v1', device)).toMatchObject([
      { aggregateversion: 4, client: 'tv', subject: `account:${acme.alice.accountId}` },
    ]);
    // Its refusal is that one event.
    const refused = await mesh.recorded('signet.token.device.refused.v1');
    expect(refused.filter(({ reason }) => reason === 'device_code_replayed')).toHaveLength(0);
  });

  it('that a person said no to is denied, once and for all', async () => {
    const device = await begin();
    const no = {
      tenantId: acme.tenant.id,
      deviceCodeId: device.id as never,
      userCodeHash: device.hash,
      context: { actor: 'account:alice' },
    };
    expect(await mesh.ask(denyDevice, no)).toEqual({ outcome: 'denied' });
    expect(await mesh.ask(denyDevice, no)).toEqual({ outcome: 'gone' });
    expect(await approve(device)).toEqual({ outcome: 'gone' });
    expect((await poll(device)).body).toMatchObject({ error: 'access_denied' });
    expect(await eventsOf('signet.token.device.denied.v1', device)).toMatchObject([{ client: 'tv' }]);
  });

  it('expires by Postgres’ clock', async () => {
    const device = await begin();
    await meddle(mesh, `update token.device set expires_at = clock_timestamp() where id = '${device.id}'`);
    expect(await find(device)).toBeNull();
    expect(await approve(device)).toEqual({ outcome: 'gone' });
    expect((await poll(device)).body).toMatchObject({ error: 'expired_token' });
  });

  it('is nothing to another client, and is not spent by it', async () => {
    mesh.directory.clients.push({ ...acme.shop, clientId: 'other-tv', grantTypes: [DEVICE_CODE_GRANT_TYPE] });
    const device = await begin();
    await approve(device);
    const other = { authorization: basic('other-tv', secret) };
    expect((await poll(device, other)).body).toMatchObject({ error: 'invalid_grant' });
    const guessed = device.deviceCode.replace(/[^.]+$/, digests.sha256('another secret'));
    expect((await poll({ ...device, deviceCode: guessed })).status).toBe(400);
    expect((await poll(device)).status).toBe(200);
    const reasons = (await mesh.recorded('signet.token.device.refused.v1')).map(({ reason }) => reason);
    expect(reasons).toContain('device_code_unknown');
  });

  it('is dead under a floor over what was approved, and no yes is taken under one', async () => {
    const device = await begin();
    const signIn = authentication();
    await approve(device, { authentication: signIn });
    await mesh.ask(raiseFloors, {
      floors: [
        {
          kind: 'session',
          raiseId: newId(eventId),
          tenantId: acme.tenant.id,
          reason: 'test',
          sessionId: signIn.sessionId,
          expiresAt: signIn.sessionExpiresAt,
        },
      ],
      context: { actor: 'service:session' },
    });
    expect((await poll(device)).body).toMatchObject({ error: 'invalid_grant' });
    expect(await approve(await begin(), { authentication: signIn })).toEqual({ outcome: 'dead', by: 'session' });
  });

  it('is approved for no more than it asked for, and for no other client', async () => {
    const device = await begin({ scope: 'openid' });
    expect(await approve(device)).toEqual({ outcome: 'gone' });
    expect(await approve(device, { scopes: ['openid'], clientId: 'cli' })).toEqual({ outcome: 'gone' });
    expect(await approve(device, { scopes: ['openid'], userCodeHash: digests.sha256('other') })).toEqual({
      outcome: 'gone',
    });
    expect(await approve(device, { scopes: ['openid'] })).toEqual({ outcome: 'approved' });
  });

  it('binds its tokens to the key of the poll that redeems it', async () => {
    const prover = await Prover.create();
    const device = await begin({ client_id: 'cli' }, {});
    await approve(device, { clientId: 'cli' });
    const asCli = async (fields: Record<string, string>, proof = prover) =>
      post(mesh.replicas[0], '/token', { client_id: 'cli', ...fields }, { DPoP: await proof.proof() });
    const code = deviceRedemption(device);
    const asked = await asCli(code);
    expect(asked.body).toMatchObject({ error: 'use_dpop_nonce' });
    prover.nonce = asked.headers.get('DPoP-Nonce') ?? '';
    const { body } = await asCli(code);
    expect(body).toMatchObject({ token_type: 'DPoP' });
    const mallory = await Prover.create('ES256', prover.nonce);
    const token = refresh(String(body['refresh_token']));
    expect((await asCli(token, mallory)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await asCli(token)).body).toMatchObject({ token_type: 'DPoP' });
  });
});
