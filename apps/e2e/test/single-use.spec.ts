import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  callback,
  forms,
  Plane,
  RawClient,
  secrets,
  tenants,
  tokensOf,
  twinTenants,
  withinASecond,
  type Answer,
} from '../src/index.js';

const times = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
const refused = (answer: Answer) => `${answer.status} ${String(answer.body['error'])}`;
const invalidGrant = '400 invalid_grant';

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  let client: RawClient;
  let other: RawClient;
  let page: RawClient;

  beforeAll(async () => {
    plane = await Plane.start({ form, configuration: twinTenants() });
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    other = new RawClient(plane.issuer, 'default', 'other', secrets.other);
    page = new RawClient(plane.issuer, 'default', 'demo-spa');
  }, 90_000);
  afterAll(() => plane.stop());

  /** Asked often enough that each replica of token answers. */
  const isActive = async (token: string) => {
    const answers = await times(4, () => client.introspect(token));
    return answers.map(({ body }) => body['active']);
  };
  const expectDead = (...tokens: string[]) =>
    withinASecond(performance.now(), async () => {
      for (const token of tokens) expect(await isActive(token)).toEqual([false, false, false, false]);
    });
  const expectAlive = async (...tokens: string[]) => {
    for (const token of tokens) expect(await isActive(token)).toEqual([true, true, true, true]);
  };

  describe('a code', () => {
    it.each(tenants)('gives tokens to one of twenty that bring it at once (%s)', async (slug) => {
      const own = new RawClient(plane.issuer, slug, 'demo', secrets.demo);
      const code = await own.signIn();
      const answers = await times(20, () => own.redeem(code));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      // 503: the row was in others' hands for longer than a lock is waited for.
      const told = new Set(answers.filter(({ status }) => status !== 200).map(refused));
      told.delete('503 temporarily_unavailable');
      expect([...told]).toEqual([invalidGrant]);
    });

    // RFC 6749 section 10.10: at most 2^-128 to guess; its second part is 32 random bytes.
    it('cannot be guessed', async () => {
      const secretsOf = (await times(3, () => page.signIn())).map(({ code }) => code.split('.')[1] ?? '');
      for (const secret of secretsOf) {
        expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
        for (const other of secretsOf.filter((one) => one !== secret))
          expect(other.slice(0, 8)).not.toBe(secret.slice(0, 8));
      }
      expect(new Set(secretsOf).size).toBe(3);
    });

    it.each<[string, () => RawClient]>([
      ['confidential', () => client],
      ['public', () => page],
    ])('takes back what it gave when its own %s client brings it again', async (_kind, of) => {
      const own = of();
      const tokens = await own.signInForTokens();
      const bystander = await own.signInForTokens({}, tokens.agent);
      expect(refused(await own.redeem(tokens))).toBe(invalidGrant);
      expect(refused(await own.refresh(tokens.refresh_token))).toBe(invalidGrant);
      await withinASecond(performance.now(), async () => {
        const answers = await times(4, () => own.userinfo(tokens.access_token));
        expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
      });
      expect((await own.userinfo(bystander.access_token)).status).toBe(200);
      expect((await own.refresh(bystander.refresh_token)).status).toBe(200);
    });

    it('takes nothing back when somebody else brings it again', async () => {
      const tokens = await client.signInForTokens();
      expect(refused(await other.redeem(tokens))).toBe(invalidGrant);
      expect(refused(await page.redeem(tokens))).toBe(invalidGrant);
      const globex = new RawClient(plane.issuer, 'globex', 'demo', secrets.demo);
      expect(refused(await globex.redeem(tokens))).toBe(invalidGrant);
      await expectAlive(tokens.access_token, tokens.refresh_token);
    });

    it('takes nothing back when one without the verifier brings a public client’s again', async () => {
      const tokens = await page.signInForTokens();
      const wrong = { ...tokens, verifier: 'x'.repeat(43) };
      expect(refused(await page.redeem(wrong))).toBe(invalidGrant);
      expect((await page.userinfo(tokens.access_token)).status).toBe(200);
      expect((await page.refresh(tokens.refresh_token)).status).toBe(200);
    });

    it.each<[string, () => RawClient, Readonly<Record<string, string | undefined>>]>([
      ['another redirect_uri', () => client, { redirect_uri: `${callback}/` }],
      ['another verifier', () => client, { code_verifier: 'x'.repeat(43) }],
      ['no verifier', () => client, { code_verifier: undefined }],
      ['another client', () => other, {}],
      ['a public client', () => page, {}],
    ])('is not spent by %s', async (_what, by, fields) => {
      const code = await client.signIn();
      const answers = await times(5, () => by().redeem(code, fields));
      expect(answers.map(refused)).toEqual(Array(5).fill(invalidGrant));
      expect((await client.redeem(code)).status).toBe(200);
    });

    it('without a challenge is not spent by one with a verifier', async () => {
      const code = await client.signIn({ code_challenge: undefined, code_challenge_method: undefined });
      expect(refused(await client.redeem(code))).toBe(invalidGrant);
      expect((await client.redeem(code, { code_verifier: undefined })).status).toBe(200);
    });
  });

  describe('a refresh token', () => {
    it.each(tenants)('has one successor, whoever of twenty asks (%s)', async (slug) => {
      const own = new RawClient(plane.issuer, slug, 'demo', secrets.demo);
      const first = await own.signInForTokens();
      const answers = (await times(20, () => own.refresh(first.refresh_token))).map(tokensOf);
      const successors = new Set(answers.map((each) => each.refresh_token));
      expect([...successors]).toHaveLength(1);
      expect(successors.has(first.refresh_token)).toBe(false);
      const [successor = ''] = successors;
      const next = tokensOf(await own.refresh(successor));
      expect((await own.refresh(next.refresh_token)).status).toBe(200);
    });

    it('ends its family when it is used after its successor was', async () => {
      const first = await client.signInForTokens();
      const second = tokensOf(await client.refresh(first.refresh_token));
      const third = tokensOf(await client.refresh(second.refresh_token));
      expect(refused(await client.refresh(first.refresh_token))).toBe(invalidGrant);
      for (const each of [first, second, third]) {
        expect(refused(await client.refresh(each.refresh_token))).toBe(invalidGrant);
      }
      await expectDead(first.access_token, second.access_token, third.access_token, third.refresh_token);
    });

    it('ends its family once, though twenty reuse it at once', async () => {
      const first = await client.signInForTokens();
      const second = tokensOf(await client.refresh(first.refresh_token));
      const third = tokensOf(await client.refresh(second.refresh_token));
      const answers = await times(20, (index) => client.refresh(index % 2 ? first.refresh_token : third.refresh_token));
      const given = answers.filter(({ status }) => status === 200).map((answer) => tokensOf(answer).refresh_token);
      expect(new Set(given).size).toBeLessThanOrEqual(1);
      for (const token of [third.refresh_token, ...given]) {
        expect(refused(await client.refresh(token))).toBe(invalidGrant);
      }
    });

    it.each<[string, () => RawClient]>([
      ['another client', () => other],
      ['a public client', () => page],
      ['its namesake at another tenant', () => new RawClient(plane.issuer, 'globex', 'demo', secrets.demo)],
    ])('is not spent by %s', async (_what, by) => {
      const tokens = await client.signInForTokens();
      const answers = await times(5, () => by().refresh(tokens.refresh_token));
      expect(answers.map(refused)).toEqual(Array(5).fill(invalidGrant));
      await expectAlive(tokens.access_token);
      expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
    });

    it.each<[string, (token: string) => string]>([
      [
        'of the next generation',
        (token) => token.replace(/\.(\d+)\.([^.]+)$/, (_, n, mac) => `.${Number(n) + 1}.${String(mac)}`),
      ],
      ['with another mac', (token) => token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA')],
      ['cut short', (token) => token.slice(0, -1)],
    ])('that was made up is refused, and ends nothing: one %s', async (_what, forge) => {
      const tokens = await client.signInForTokens();
      expect(refused(await client.refresh(forge(tokens.refresh_token)))).toBe(invalidGrant);
      expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
    });
  });
});
