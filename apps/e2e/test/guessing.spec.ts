import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { alice, Plane, RawClient, secrets, twinTenants, UserAgent, type Shown } from '../src/index.js';

/** As many failures as are let through, and so long that no token comes back while the tests run. */
const [perAccount, perNetwork] = [4, 12];

let plane: Plane;
beforeAll(async () => {
  const env = {
    SIGNET_GUESSING: `account=${perAccount}/86400,network=${perNetwork}/86400,usercode=off`,
    SIGNET_TRUSTED_PROXIES: '127.0.0.1,::1',
  };
  plane = await Plane.start({ form: 'one process', configuration: twinTenants(), env });
}, 90_000);
afterAll(() => plane.stop());

/** A browser that nobody knows, in one of the networks kept for documentation (RFC 5737). */
const browserAt = (address: string) =>
  new UserAgent(plane.issuer, (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set('X-Forwarded-For', address);
    return fetch(url, { ...init, headers });
  });

async function attempt(agent: UserAgent, person: typeof alice, slug: 'default' | 'globex' = 'default'): Promise<Shown> {
  const client = new RawClient(plane.issuer, slug, 'demo', secrets.demo);
  return agent.submit(await agent.open(client.authorizationUrl({ prompt: 'login' })), { ...person });
}

const wrong = { ...alice, password: 'not-the-password' };

/** 429 with Retry-After (RFC 6585 section 4), on the sign-in page, which says so and no more. */
function expectSlowed({ status, headers, html, left }: Shown): void {
  expect([status, left]).toEqual([429, undefined]);
  expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(html).toContain('There have been too many attempts.');
  expect(html).toContain('type="password"');
  expect(html).not.toContain(alice.password);
}

/** At the consent page, or on the way to the client. */
function expectSignedIn({ html, left }: Shown): void {
  expect(left !== undefined || html.includes('value="allow"')).toBe(true);
}

it('a right password is no failure: whoever knows it signs in as often as they like', async () => {
  for (let count = 0; count <= perAccount; count += 1)
    expectSignedIn(await attempt(browserAt('192.0.2.1'), alice, 'globex'));
});

it('an account is guarded whatever the browser and the network, and a device that has signed in is not locked out', async () => {
  const own = browserAt('192.0.2.2');
  expectSignedIn(await attempt(own, alice));
  for (let count = 0; count < perAccount; count += 1)
    expect((await attempt(browserAt(`198.51.100.${count}`), wrong)).status).toBe(400);
  const elsewhere = '198.51.100.100';
  expectSlowed(await attempt(browserAt(elsewhere), wrong));
  expectSlowed(await attempt(browserAt(elsewhere), alice));
  // Whatever the directory takes for her name: capitals, a soft hyphen that nobody sees, a full-width letter.
  for (const username of [' ALICE ', 'al\u00ADice', 'al\u00AD\u200Bice', '\uFF41lice'])
    expectSlowed(await attempt(browserAt(elsewhere), { ...alice, username }));
  // Her namesake at another tenant is somebody else.
  expectSignedIn(await attempt(browserAt(elsewhere), alice, 'globex'));

  expectSignedIn(await attempt(own, alice));
  // The device's bucket is as deep: one that was stolen guesses no more than a stranger does.
  for (let count = 0; count < perAccount; count += 1) expect((await attempt(own, wrong)).status).toBe(400);
  expectSlowed(await attempt(own, alice));
});

it('an account that is none is guarded alike', async () => {
  const nobody = { ...wrong, username: 'nobody' };
  const agent = () => browserAt('192.0.2.3');
  for (let count = 0; count < perAccount; count += 1) expect((await attempt(agent(), nobody)).status).toBe(400);
  expectSlowed(await attempt(agent(), nobody));
});

it('a network is slowed over all accounts, and no other network with it', async () => {
  const agent = () => browserAt('203.0.113.1');
  for (let count = 0; count < perNetwork; count += 1)
    expect((await attempt(agent(), { ...wrong, username: `somebody-${count}` })).status).toBe(400);
  expectSlowed(await attempt(agent(), { ...wrong, username: 'somebody-else' }));
  const neighbour = await attempt(browserAt('203.0.113.2'), { ...wrong, username: 'somebody-else' });
  expect(neighbour.status).toBe(400);
});
