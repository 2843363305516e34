import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import {
  endpoint,
  enterUserCode,
  forms,
  issuerOf,
  Plane,
  RelyingParty,
  tenants,
  twinTenants,
  UserAgent,
  type Shown,
} from '../src/index.js';

const scope = 'openid profile offline_access';

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await Plane.start({ form, configuration: twinTenants() });
  }, 90_000);
  afterAll(() => plane.stop());

  describe.each(tenants)('tenant %s', (slug) => {
    const discover = () => RelyingParty.discover(issuerOf(plane.issuer, slug), 'demo-tv', openid.None());
    const begin = async () => {
      const { config } = await discover();
      return { config, waiting: await openid.initiateDeviceAuthorization(config, { scope }) };
    };

    const enter = (url: string, userCode: string, agent = new UserAgent(plane.issuer)) =>
      enterUserCode(url, userCode, agent);
    const decide = async (url: string, userCode: string, decision: 'allow' | 'deny') => {
      const agent = new UserAgent(plane.issuer);
      const asked = await enter(url, userCode, agent);
      return { asked, done: await agent.submit(asked, { decision }) };
    };

    it('openid-client polls while Alice approves, and gets her tokens', async () => {
      const { config, waiting } = await begin();
      expect(waiting).toMatchObject({
        verification_uri: endpoint(plane.issuer, slug, '/device'),
        expires_in: 600,
        interval: 5,
      });
      const { asked, done } = await decide(waiting.verification_uri, waiting.user_code.toLowerCase(), 'allow');
      expect(asked.html).toContain(waiting.user_code);
      expect(done.status).toBe(200);
      expect(done.html).toContain('Your device is connected');
      const tokens = await openid.pollDeviceAuthorizationGrant(config, waiting);
      const sub = tokens.claims()?.sub ?? '';
      expect((await openid.fetchUserInfo(config, tokens.access_token, sub)).name).toBe(`Alice of ${slug}`);
      expect((await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token).toBeDefined();
    }, 40_000);

    it('openid-client hears of a no', async () => {
      const { config, waiting } = await begin();
      const { done } = await decide(waiting.verification_uri, waiting.user_code, 'deny');
      expect(done.html).toContain('Nothing was connected');
      await expect(openid.pollDeviceAuthorizationGrant(config, waiting)).rejects.toMatchObject({
        error: 'access_denied',
      });
    }, 40_000);

    // RFC 8628 section 5.4
    it('a link with the code decides nothing: the code is confirmed, and compared on the consent page', async () => {
      const { waiting } = await begin();
      const agent = new UserAgent(plane.issuer);
      await enter(waiting.verification_uri, waiting.user_code, agent);
      const again = await begin();
      const page = await agent.open(again.waiting.verification_uri_complete ?? '');
      expect(page.fields['user_code']).toBe(again.waiting.user_code);
      expect(page.title).toContain('Connect a device');
      // Signed in, and asked all the same.
      const asked = await agent.submit(page, {});
      expect(asked.html).toContain('value="allow"');
      expect(asked.html).toContain(again.waiting.user_code);
    });

    it('an unknown code and one that is over look the same, and a form of another browser is none', async () => {
      const { waiting } = await begin();
      await decide(waiting.verification_uri, waiting.user_code, 'deny');
      const over = await enter(waiting.verification_uri, waiting.user_code);
      const unknown = await enter(waiting.verification_uri, 'BBBB-BBBB');
      const nonsense = await enter(waiting.verification_uri, 'nonsense');
      const told = ({ html }: Shown) => /role="alert">(.*?)<\/div>/s.exec(html)?.[1];
      expect([over.status, unknown.status, nonsense.status]).toEqual([400, 400, 400]);
      expect(told(over)).toBeDefined();
      expect([told(unknown), told(nonsense)]).toEqual([told(over), told(over)]);

      const page = await new UserAgent(plane.issuer).open(waiting.verification_uri);
      const stranger = await new UserAgent(plane.issuer).submit(page, { user_code: waiting.user_code });
      expect(stranger.status).toBe(400);
      expect(stranger.html).not.toContain('value="allow"');
    });
  });
});

describe('guessing a user code', () => {
  let plane: Plane;
  beforeAll(async () => {
    const env = { SIGNET_GUESSING: 'usercode=3/600,account=off,network=off' };
    plane = await Plane.start({ form: 'one process', configuration: twinTenants(), env });
  }, 90_000);
  afterAll(() => plane.stop());

  it('is slowed per network, whatever the browser, and without a word about the code', async () => {
    const { config } = await RelyingParty.discover(plane.issuer, 'demo-tv', openid.None());
    const { verification_uri: url, user_code: right } = await openid.initiateDeviceAuthorization(config, { scope });
    const guess = async (user_code: string) => {
      const agent = new UserAgent(plane.issuer);
      return agent.submit(await agent.open(url), { user_code });
    };
    for (const code of ['BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD']) expect((await guess(code)).status).toBe(400);
    for (const code of ['FFFF-FFFF', right]) {
      const refused = await guess(code);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
  });
});
