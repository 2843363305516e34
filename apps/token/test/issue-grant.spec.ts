import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventId, micros, newId, revocationRaised, type DeadBy, type FloorKind } from '@signet/contracts';
import { FloorStore } from '../src/floors/store/floor-store.js';
import type { Raise } from '../src/floors/store/raise.js';
import { storeDatabase, type StoreDatabase } from './support/database.js';
import { anotherCode, aSignIn, issue, type GrantRequest, type SignIn } from './support/sign-in.js';

let store: StoreDatabase;
beforeAll(async () => {
  store = await storeDatabase();
});
afterAll(() => store.stop());

const signIn = (changes: Partial<GrantRequest> = {}) => aSignIn(store.database.now(), changes);

const grantOf = async ({ request }: SignIn) =>
  (
    await store.suite.query<{ id: string; scopes: string[]; version: string }>(
      'select id, scopes, version from token."grant" where tenant_id = $1 and account_id = $2 and client_id = $3',
      [request.tenantId, request.authentication.accountId, request.clientId],
    )
  )[0];

async function raise(tenantId: string, kind: FloorKind, key: string, rest: Partial<Raise> = {}): Promise<void> {
  const event = store.event(revocationRaised, {
    tenantId: tenantId as GrantRequest['tenantId'],
    data: { kind, key, raise: newId(eventId) },
  });
  await new FloorStore(store.database).raise([
    { raiseId: newId(eventId), tenantId, kind, key, reason: 'test', event, ...rest },
  ]);
}

const types = async (aggregate: string) => (await store.recorded(aggregate)).map(({ type }) => type);

describe('a grant', () => {
  it('is made by the first yes and grows by the next, each with its event', async () => {
    const first = signIn({ scopes: ['openid', 'profile'] });
    expect(await issue(store, first)).toMatchObject({ issued: true, deadBy: null, stale: false, unasked: false });
    const more = anotherCode(first, { scopes: ['openid', 'email'] });
    expect(await issue(store, more)).toMatchObject({ issued: true });
    const grant = await grantOf(first);
    expect(grant).toMatchObject({ scopes: ['email', 'openid', 'profile'], version: '2' });
    const events = await store.recorded(`grant:${grant?.id ?? ''}`);
    expect(events.map(({ type, aggregateversion }) => [type, aggregateversion])).toEqual([
      ['signet.token.grant.created.v1', 1],
      ['signet.token.grant.extended.v1', 2],
    ]);
    expect(events[0]).toMatchObject({ aggregate: `grant:${grant?.id ?? ''}` });
    expect(await types(`code:${more.request.code.id}`)).toEqual(['signet.token.code.issued.v1']);
  });

  it('that nobody was asked for counts as no consent', async () => {
    const first = signIn({ consent: 'first_party' });
    expect(await issue(store, first)).toMatchObject({ issued: true });
    expect(await issue(store, anotherCode(first))).toMatchObject({ issued: true });
    const grant = await grantOf(first);
    expect(grant).toMatchObject({ scopes: [], version: '0' });
    expect(await types(`grant:${grant?.id ?? ''}`)).toEqual([]);
    const remembered = anotherCode(first, { consent: 'remembered' });
    expect(await issue(store, remembered)).toMatchObject({
      issued: false,
      unasked: true,
      missing: ['openid', 'profile'],
    });
    expect(await issue(store, anotherCode(first, { consent: 'approved' }))).toMatchObject({ issued: true });
    expect(await grantOf(first)).toMatchObject({ scopes: ['openid', 'profile'], version: '1', id: grant?.id });
  });

  it.each([
    ['covers', ['openid'], true, []],
    ['covers nothing asked', [], true, []],
    ['lacks a scope', ['openid', 'email'], false, ['email']],
  ])('that is remembered %s', async (_case, scopes, issued, missing) => {
    const first = signIn();
    await issue(store, first);
    const next = anotherCode(first, { consent: 'remembered', scopes });
    expect(await issue(store, next)).toMatchObject({ issued, missing, unasked: !issued });
    expect(await types(`code:${next.request.code.id}`)).toHaveLength(issued ? 1 : 0);
  });

  it('never agreed to is asked for, without scopes too', async () => {
    expect(await issue(store, signIn({ consent: 'remembered', scopes: [] }))).toMatchObject({
      issued: false,
      unasked: true,
      missing: [],
    });
  });

  it('is one, however many codes come at once', async () => {
    const first = signIn();
    const verdicts = await Promise.all(Array.from({ length: 12 }, () => issue(store, anotherCode(first))));
    expect(verdicts.every(({ issued }) => issued)).toBe(true);
    expect(await grantOf(first)).toMatchObject({ version: '12' });
  });

  it('that was withdrawn is asked for anew, and begins anew', async () => {
    const first = signIn();
    await issue(store, first);
    const grant = await grantOf(first);
    await raise(first.request.tenantId, 'grant', grant?.id ?? '');
    const afterwards = { ...first.request.authentication, since: micros.parse(store.database.now() + 1_000_000) };
    const next = (changes: Partial<GrantRequest>) => anotherCode(first, { authentication: afterwards, ...changes });
    expect(await issue(store, next({ consent: 'remembered' }))).toMatchObject({ issued: false, unasked: true });
    expect(await issue(store, next({ scopes: ['openid'] }))).toMatchObject({ issued: true });
    expect(await grantOf(first)).toMatchObject({ id: grant?.id, scopes: ['openid'] });
  });
});

describe('a sign-in that lies under a floor gets no code', () => {
  const keys: [DeadBy, (s: SignIn) => string | Promise<string>][] = [
    ['tenant', () => ''],
    ['client', (s) => s.request.clientId],
    ['account', (s) => s.request.authentication.accountId],
    ['session', (s) => s.request.authentication.sessionId],
    ['grant', async (s) => (await grantOf(s))?.id ?? ''],
  ];

  it.each(keys)('of its %s', async (kind, keyOf) => {
    const first = signIn();
    await issue(store, first);
    const key = await keyOf(first);
    await raise(first.request.tenantId, kind, key, {
      ...(kind === 'session' && { expiresAt: first.request.authentication.sessionExpiresAt }),
    });
    const next = anotherCode(first);
    expect(await issue(store, next)).toMatchObject({ issued: false, deadBy: kind });
    expect(await types(`code:${next.request.code.id}`)).toEqual([]);
    // The same floor in another tenant, over another of its kind, is none of theirs.
    expect(await issue(store, signIn({ authentication: first.request.authentication }))).toMatchObject({
      issued: true,
    });
  });

  it('unless it began after it', async () => {
    const first = signIn();
    await raise(first.request.tenantId, 'account', first.request.authentication.accountId);
    const authentication = { ...first.request.authentication, since: micros.parse(store.database.now() + 1_000_000) };
    expect(await issue(store, anotherCode(first, { authentication }))).toMatchObject({ issued: true });
  });

  it('unless it is the session that the floor spares', async () => {
    const authenticated = signIn().request.authentication;
    // Before the floor for certain: here the time is an estimate, and there Postgres' own.
    const since = micros.parse(authenticated.since - 1_000_000);
    const first = signIn({ authentication: { ...authenticated, since } });
    const { accountId, sessionId } = authenticated;
    await raise(first.request.tenantId, 'account', accountId, { spare: { sessionId, since } });
    expect(await issue(store, first)).toMatchObject({ issued: true });
    const other = { ...first.request.authentication, sessionId: signIn().request.authentication.sessionId };
    expect(await issue(store, anotherCode(first, { authentication: other }))).toMatchObject({ deadBy: 'account' });
  });
});

it('a copy of the client that is older than what was committed is stale', async () => {
  const first = signIn();
  await raise(first.request.tenantId, 'client_version', 'shop', { version: 2 });
  expect(await issue(store, first)).toMatchObject({ issued: false, stale: true });
  expect(await issue(store, anotherCode(first, { clientVersion: 2 }))).toMatchObject({ issued: true, stale: false });
});
