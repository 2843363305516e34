import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Administrator,
  consoleClient,
  Plane,
  RawClient,
  secrets,
  tokensOf,
  twinTenants,
  UserAgent,
} from '../src/index.js';

const helpdesk = { id: 'helpdesk', secret: 'helpdesk-secret-of-thirty-two-chars' };
const helpdeskClient = {
  ...{ client_id: helpdesk.id, client_secret: helpdesk.secret, grant_types: ['client_credentials'] },
  scope: 'signet:admin',
};

let plane: Plane;
let console: Administrator;
let desk: Administrator;

beforeAll(async () => {
  plane = await Plane.start({
    ...{ form: 'one process', configuration: twinTenants([consoleClient, helpdeskClient]) },
  });
  const token = `${plane.issuer}/token`;
  console = new Administrator(plane.issuer, token);
  desk = new Administrator(plane.issuer, token, helpdesk);
  const permissions = { 'urn:signet:management': ['credentials:write'] };
  expect((await console.ask('POST', '/admin/v1/roles', { name: 'helpdesk', permissions })).status).toBe(201);
  const given = await console.ask('PATCH', `/admin/v1/clients/${helpdesk.id}`, { roles: ['helpdesk'] });
  expect(given.status).toBe(200);
}, 90_000);
afterAll(() => plane.stop());

async function account(username: string, roles: readonly string[] = []): Promise<string> {
  const { status, body } = await console.ask('POST', '/admin/v1/accounts', { username, roles });
  expect(status).toBe(201);
  return `/admin/v1/credentials/${String(body?.['id'])}`;
}
/** What the client gets of the sign-in. */
async function signIn(username: string, password: string): Promise<string | null> {
  const url = new RawClient(plane.issuer, 'default', 'demo', secrets.demo).authorizationUrl();
  return (await new UserAgent(plane.issuer).authorize(url, { username, password })).searchParams.get('code');
}

describe('a password that an administrator sets', () => {
  it('signs the account in, and is known to have been set', async () => {
    const credentials = await account('bob');
    expect((await console.ask('GET', credentials)).body).toEqual({ password: null });
    const set = await desk.ask('PUT', `${credentials}/password`, { password: 'a password of bob' });
    expect(set.status).toBe(204);
    expect((await console.ask('GET', credentials)).body).toEqual({ password: { changed_at: expect.any(String) } });
    expect(await signIn('bob', 'a password of bob')).not.toBeNull();
  });

  it('ends what the account was signed in to with the one before, and nothing where the policy lets it go on', async () => {
    const credentials = await account('carol');
    const set = async (password: string) => {
      expect((await console.ask('PUT', `${credentials}/password`, { password })).status).toBe(204);
    };
    const client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    const agent = new UserAgent(plane.issuer);
    await set('a password of carol');
    const code = await client.signIn({}, agent, { username: 'carol', password: 'a password of carol' });
    const tokens = tokensOf(await client.redeem(code));
    await set('another of carol');
    expect((await client.introspect(tokens.access_token)).body).toEqual({ active: false });
    expect((await client.refresh(tokens.refresh_token)).body['error']).toBe('invalid_grant');
    expect((await agent.open(client.authorizationUrl())).title).toContain('Sign in');

    await console.changePolicies({ password_change_ends_sessions: false });
    const again = await client.signIn({}, agent, { username: 'carol', password: 'another of carol' });
    const kept = tokensOf(await client.redeem(again));
    await set('a third of carol');
    expect((await client.refresh(kept.refresh_token)).status).toBe(200);
  }, 30_000);

  it('is not set by whoever may do less than the account, and would be it', async () => {
    const credentials = await account('chief', ['signet:administrator']);
    const password = { password: 'a password of chief' };
    expect(await desk.ask('PUT', `${credentials}/password`, password)).toMatchObject({
      status: 403,
      body: { type: 'urn:signet:problem:insufficient-permission' },
    });
    expect((await console.ask('GET', credentials)).body).toEqual({ password: null });
    expect((await console.ask('PUT', `${credentials}/password`, password)).status).toBe(204);
  });

  it.each([
    ['too short', { password: 'short' }, 400],
    ['of another type', { password: 12_345_678 }, 400],
    ['with members that nobody knows', { password: 'long enough a password', hash: 'x' }, 400],
  ])('is refused %s', async (_what, body, status) => {
    const credentials = await account(`person-${status}-${JSON.stringify(body).length}`);
    expect((await console.ask('PUT', `${credentials}/password`, body)).status).toBe(status);
  });

  it('is not set for nobody', async () => {
    const nobody = `/admin/v1/credentials/acc_${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(15)}/password`;
    expect((await console.ask('PUT', nobody, { password: 'long enough a password' })).status).toBe(404);
  });
});
