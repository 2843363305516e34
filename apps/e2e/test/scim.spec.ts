import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Administrator, consoleClient, Plane, RawClient, secrets, twinTenants, withinASecond } from '../src/index.js';

const patchOf = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

let plane: Plane;
let by: Administrator;

beforeAll(async () => {
  const configuration = twinTenants();
  const file = JSON.parse(readFileSync(configuration, 'utf8')) as { tenants: { slug: string; clients: object[] }[] };
  file.tenants.find(({ slug }) => slug === 'globex')?.clients.push(consoleClient);
  writeFileSync(configuration, JSON.stringify(file));
  plane = await Plane.start({ form: 'five processes', configuration });
  by = new Administrator(plane.issuer, `${plane.issuer}/token/t/globex`);
}, 90_000);
afterAll(() => plane.stop());

/** As Entra ID and as Okta tell of it. */
const deactivations = {
  'Entra ID': patchOf({ op: 'Replace', path: 'active', value: 'False' }),
  Okta: patchOf({ op: 'replace', value: { active: false } }),
};
const activation = patchOf({ op: 'replace', value: { active: true } });

it.each(Object.entries(deactivations))(
  'what %s deactivates has no session, no refresh token and no access token within a second',
  async (_, deactivation) => {
    const filter = encodeURIComponent('userName eq "alice"');
    const { body } = await by.ask('GET', `/scim/v2/t/globex/Users?filter=${filter}`);
    const [found] = body?.['Resources'] as { id: string }[];
    const path = `/scim/v2/t/globex/Users/${found?.id ?? ''}`;
    expect((await by.ask('PATCH', path, activation)).status).toBe(200);

    const client = new RawClient(plane.issuer, 'globex', 'demo', secrets.demo);
    const { agent, access_token: access, refresh_token: refresh } = await client.signInForTokens();
    expect((await client.userinfo(access)).status).toBe(200);
    expect((await by.ask('PATCH', path, deactivation)).body).toMatchObject({ active: false });
    const acknowledged = performance.now();
    // Redemption asks Postgres itself: there it is so at once.
    expect((await client.refresh(refresh)).body['error']).toBe('invalid_grant');
    await withinASecond(acknowledged, async () => {
      expect((await client.userinfo(access)).status).toBe(401);
      expect((await client.introspect(access)).body).toEqual({ active: false });
      const { left } = await agent.open(client.authorizationUrl({ prompt: 'none' }));
      expect(left?.searchParams.get('error')).toBe('login_required');
    });
    expect((await by.ask('PATCH', path, activation)).body).toMatchObject({ active: true });
    expect((await client.refresh(refresh)).body['error']).toBe('invalid_grant');
  },
  60_000,
);
