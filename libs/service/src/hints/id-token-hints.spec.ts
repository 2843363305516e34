import { describe, expect, it } from '@jest/globals';
import { micros, newId, tenantId } from '@signet/contracts';
import { generateSigningKey, importSigningKey, signJwt, unsecuredJwt } from '@signet/keys';
import { ClientHints } from './client-hints.js';
import { IdTokenHints } from './id-token-hints.js';
import { PublishedKeys } from './published-keys.js';

const tenant = { id: newId(tenantId), issuer: 'https://id.example' };
const now = micros.parse(1_767_225_600_000_000);
const claims = { iss: tenant.issuer, sub: 'sub-alice', aud: 'shop', sid: 'sid-1', iat: 1, exp: 2, auth_time: 1 };

async function make() {
  const [first, second] = [await generateSigningKey('ES256'), await generateSigningKey('EdDSA')];
  const asked: string[] = [];
  const published = [first.publicJwk];
  const requester = {
    request: (_contract: unknown, input: { tenantId: string }) => {
      asked.push(input.tenantId);
      return Promise.resolve({ keys: [...published] });
    },
  };
  const hints = new IdTokenHints(new PublishedKeys(requester as never), { now: () => now });
  const sign = (key: typeof first, changes: object = {}, typ = 'JWT') =>
    signJwt({ key: importSigningKey(key), typ, claims: { ...claims, ...changes } });
  return { hints, asked, published, first, second, sign };
}

describe('IdTokenHints', () => {
  it('reads an ID token of ours, however old, and asks for the keys once', async () => {
    const { hints, asked, first, sign } = await make();
    const hint = await sign(first);
    expect(await Promise.all([hints.read(hint, tenant), hints.read(hint, tenant)])).toEqual(
      Array.from({ length: 2 }, () => ({ sub: 'sub-alice', clientId: 'shop', sid: 'sid-1' })),
    );
    await hints.read(hint, tenant);
    expect(asked).toEqual([tenant.id]);
  });

  it.each<[string, (made: Awaited<ReturnType<typeof make>>) => Promise<string | undefined>]>([
    ['nothing', () => Promise.resolve(undefined)],
    ['nonsense', () => Promise.resolve('x')],
    ['an unsigned one', () => Promise.resolve(unsecuredJwt({ typ: 'JWT', claims }))],
    ['an access token', ({ sign, first }) => sign(first, {}, 'at+jwt')],
    [
      'a userinfo response',
      ({ sign, first }) => sign(first, { sid: undefined, iat: undefined, exp: undefined, auth_time: undefined }),
    ],
    ['one that says not when somebody signed in', ({ sign, first }) => sign(first, { auth_time: undefined })],
    ['one of another issuer', ({ sign, first }) => sign(first, { iss: 'https://evil.example' })],
    ['one for two clients', ({ sign, first }) => sign(first, { aud: ['shop', 'spa'] })],
    ['one by a key that is not ours', ({ sign, second }) => sign(second)],
    ['one that was changed', async ({ sign, first }) => (await sign(first)).replace(/\.[^.]*$/, '.AAAA')],
  ])('takes %s for no hint', async (_what, hintOf) => {
    const made = await make();
    expect(await made.hints.read(await hintOf(made), tenant)).toBe('none');
  });

  it('does not ask again at once for a key that is not there', async () => {
    const { hints, asked, second, sign } = await make();
    const hint = await sign(second);
    for (let tries = 0; tries < 5; tries += 1) await hints.read(hint, tenant);
    expect(asked).toHaveLength(1);
  });
});

describe('ClientHints', () => {
  it('takes from a client its own ID tokens alone', async () => {
    const { hints, first, sign } = await make();
    const given = new ClientHints(hints, tenant);
    const hint = await sign(first);
    expect(await given.subjectOf(hint, { clientId: 'shop' })).toBe('sub-alice');
    expect(await given.subjectOf(hint, { clientId: 'spa' })).toBeUndefined();
    expect(await given.subjectOf('x', { clientId: 'shop' })).toBeUndefined();
  });
});
