import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import { forms, issuerOf, Plane, RelyingParty, secrets, twinTenants, until } from '../src/index.js';

describe.each(forms)('%s whose Postgres and NATS let nobody in without TLS and a certificate', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await Plane.start({ form, innerTls: true, configuration: twinTenants() });
  }, 90_000);
  afterAll(() => plane.stop());

  const signIn = async () => {
    const issuer = issuerOf(plane.issuer, 'default');
    const party = await RelyingParty.discover(issuer, 'demo', openid.ClientSecretBasic(secrets.demo));
    return (await party.signIn()).claims.iss === issuer;
  };

  it('a person signs in, and an operator looks at the plane', async () => {
    expect(await signIn()).toBe(true);
    expect(await plane.signet('tenants', 'list')).toContain('default');
  });

  it('no connection is in plain text', async () => {
    const rows = await plane.query(
      async (client) =>
        (
          await client.query<{ ssl: boolean }>(
            "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where backend_type = 'client backend'",
          )
        ).rows,
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ ssl }) => !ssl)).toEqual([]);
  });

  it('goes on where NATS comes back by another authority, whose certificates came while it ran', async () => {
    await plane.innerTls?.renew();
    await plane.restartNats();
    await until('a sign-in', async () => ((await signIn()) ? true : undefined), 30);
  });
});
