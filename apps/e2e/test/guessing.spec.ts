import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alice, Plane, RawClient, secrets, twinTenants, UserAgent, type Shown } from '../src/index.js';

/** As many failures as are let through, and so long that no token comes back while a test runs. */
const allowed = 4;
const rate = `${allowed}/86400`;

const client = (plane: Plane, slug: 'default' | 'globex' = 'default') =>
  new RawClient(plane.issuer, slug, 'demo', secrets.demo);

/** One attempt to sign in, by this browser or by one that nobody knows. */
async function attempt(of: RawClient, person: typeof alice, agent = new UserAgent(of.base)): Promise<Shown> {
  return agent.submit(await agent.open(of.authorizationUrl({ prompt: 'login' })), { ...person });
}

const wrong = { ...alice, password: 'not-the-password' };

async function guess(of: RawClient, person = wrong): Promise<void> {
  for (let count = 0; count < allowed; count += 1) expect((await attempt(of, person)).status).toBe(400);
}

/** 429 with Retry-After (RFC 6585 section 4), on the sign-in page, which says so and no more. */
function expectSlowed({ status, headers, html, left }: Shown): void {
  expect([status, left]).toEqual([429, undefined]);
  expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(html).toContain('There have been too many attempts.');
  expect(html).toContain('type="password"');
  expect(html).not.toContain(alice.password);
}
const signedIn = ({ html, left }: Shown) => left !== undefined || html.includes('value="allow"');

const start = (guessing: string) =>
  Plane.start({ form: 'one process', configuration: twinTenants(), env: { SIGNET_GUESSING: guessing } });

describe('guessing the password of an account', () => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await start(`account=${rate},network=off,usercode=off`);
  }, 90_000);
  afterAll(() => plane.stop());

  it('is slowed whatever the browser; the right password is no way round, and a device that has signed in is not locked out', async () => {
    const own = new UserAgent(plane.issuer);
    expect(signedIn(await attempt(client(plane), alice, own))).toBe(true);
    await guess(client(plane));
    expectSlowed(await attempt(client(plane), wrong));
    expectSlowed(await attempt(client(plane), alice));
    expectSlowed(await attempt(client(plane), { ...alice, username: ' ALICE ' }));

    expect(signedIn(await attempt(client(plane), alice, own))).toBe(true);
    // Its bucket is its own, and as deep: a stolen device guesses no more than a stranger does.
    for (let count = 0; count < allowed; count += 1)
      expect((await attempt(client(plane), wrong, own)).status).toBe(400);
    expectSlowed(await attempt(client(plane), alice, own));
  });

  it('is slowed at its own tenant alone', async () => {
    expect(signedIn(await attempt(client(plane, 'globex'), alice))).toBe(true);
  });

  it('is slowed alike where there is no such account', async () => {
    const nobody = { ...wrong, username: 'nobody' };
    await guess(client(plane), nobody);
    expectSlowed(await attempt(client(plane), nobody));
  });

  it('a right password is no failure: whoever knows it signs in as often as they like', async () => {
    const globex = client(plane, 'globex');
    for (let count = 0; count <= allowed; count += 1) expect(signedIn(await attempt(globex, alice))).toBe(true);
  });
});

describe('guessing from one network', () => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await start(`account=off,network=${rate},usercode=off`);
  }, 90_000);
  afterAll(() => plane.stop());

  it('is slowed over all accounts', async () => {
    for (let count = 0; count < allowed; count += 1) {
      const person = { ...wrong, username: `somebody-${count}` };
      expect((await attempt(client(plane), person)).status).toBe(400);
    }
    expectSlowed(await attempt(client(plane), { ...wrong, username: 'somebody-else' }));
    expectSlowed(await attempt(client(plane), alice));
  });
});
