import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { basic, populate, post, secret, type Population } from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas({ SIGNET_OUTBOX_MAX: '4MiB' });
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

const ask = (path: string, fields: Readonly<Record<string, string>>) =>
  post(mesh.replicas[0], path, fields, { authorization: basic(acme.robot.clientId, secret) });
const obtain = () => ask('/token', { grant_type: 'client_credentials' });
const measure = () => mesh.replicas[0].service.parts.database.outbox.measure();

/** As if audit had been away for long. */
const fill = () =>
  mesh.database.query(`
    insert into token.outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf)
    select gen_random_uuid(), gen_random_uuid(), 'filler', 'filler', n,
      (select decode(string_agg(md5(random()::text), ''), 'hex') from generate_series(1, 64 + n % 2))
    from generate_series(1, 6000) n`);

it('what must be recorded is 503 at the ceiling, a refusal too; the rest goes on; and all of it once there is room', async () => {
  const before = await obtain();
  expect(before.status).toBe(200);
  await fill();
  await measure();
  for (const refused of [await obtain(), await ask('/token', { grant_type: 'refresh_token', refresh_token: 'x' })]) {
    expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
  }
  const issued = await mesh.database.query(`select from token.outbox where subject like '%.token.token.issued'`);
  expect(issued).toHaveLength(1);
  const token = String(before.body['access_token']);
  expect(await ask('/introspect', { token })).toMatchObject({ status: 200, body: { active: true } });

  await mesh.database.query(`delete from token.outbox where subject = 'filler'`);
  await measure();
  expect((await obtain()).status).toBe(200);
});
