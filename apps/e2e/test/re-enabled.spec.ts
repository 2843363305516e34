import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { alice, Plane, RawClient, secrets, twinTenants, until, type Shown } from '../src/index.js';

interface Declared {
  tenants: { slug: string; enabled?: boolean; clients: Named[]; users: Named[] }[];
}
interface Named {
  client_id?: string;
  username?: string;
  enabled?: boolean;
}

let plane: Plane;
const configuration = twinTenants();
const globex = (file: Declared) => file.tenants.find(({ slug }) => slug === 'globex');

beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration });
}, 90_000);
afterAll(() => plane.stop());

async function apply(change: (file: Declared) => void): Promise<void> {
  const file = JSON.parse(readFileSync(configuration, 'utf8')) as Declared;
  change(file);
  writeFileSync(configuration, JSON.stringify(file, undefined, 2));
  await plane.signet('apply', '--config', configuration);
}

const disabling: Record<string, (file: Declared) => Named | undefined> = {
  client: (file) => globex(file)?.clients.find(({ client_id: id }) => id === 'demo'),
  tenant: globex,
  account: (file) => globex(file)?.users[0],
};

// Design: floors are never lowered, so what was before the disabling stays dead, and a sign-in after it is not.
it.each(Object.entries(disabling))(
  'a re-enabled %s signs in anew',
  async (_, find) => {
    const client = new RawClient(plane.issuer, 'globex', 'demo', secrets.demo);
    const { agent, refresh_token: old } = await client.signInForTokens();
    const toggle = (enabled: boolean) =>
      apply((file) => {
        const found = find(file);
        if (!found) throw new Error('nothing to disable');
        found.enabled = enabled;
      });
    await toggle(false);
    await toggle(true);
    const silently = await until('the copies to hear of it', async () => {
      const { left } = await agent.open(client.authorizationUrl({ prompt: 'none' }));
      return left?.searchParams.get('error') ?? undefined;
    });
    expect(silently).toBe('login_required');
    const page: Shown = await agent.open(client.authorizationUrl());
    expect([page.status, page.html.includes('type="password"')]).toEqual([200, true]);
    expect((await client.refresh(old)).body['error']).toBe('invalid_grant');
    const { refresh_token: fresh } = await client.signInForTokens({}, agent);
    expect((await client.refresh(fresh)).status).toBe(200);
  },
  60_000,
);

it('a disabled client shows nobody a sign-in, and ends no session of other clients', async () => {
  const client = new RawClient(plane.issuer, 'globex', 'demo', secrets.demo);
  const other = new RawClient(plane.issuer, 'globex', 'other', secrets.other);
  const { agent } = await client.signIn();
  await apply((file) => {
    const found = disabling['client']?.(file);
    if (found) found.enabled = false;
  });
  const page = await agent.open(client.authorizationUrl());
  expect([page.status, page.left, page.action]).toEqual([400, undefined, undefined]);
  const { left } = await agent.open(other.authorizationUrl({ prompt: 'none' }));
  expect(left?.searchParams.get('error')).toBe('consent_required');
  expect(await agent.authorize(other.authorizationUrl(), alice)).toHaveProperty('host', 'localhost:4001');
}, 60_000);
