import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountId,
  eventId,
  listOwnGrants,
  newId,
  plusSeconds,
  raiseFloors,
  showId,
  withdrawOwnGrant,
  type Authentication,
  type GrantId,
} from '@signet/contracts';
import { consoleToken, makeConsole, manage } from './support/administering.js';
import { eventually } from './support/eventually.js';
import {
  codeOf,
  isActive,
  meddle,
  path,
  populate,
  post,
  redemption,
  refresh,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let bearer: string;
let count = 0;
beforeAll(async () => {
  mesh = await runTokenReplicas();
});
beforeEach(async () => {
  acme = await populate(mesh, `acme-${count++}`);
  makeConsole(mesh, acme);
  bearer = await consoleToken(mesh.replicas[0], acme);
});
afterAll(() => mesh.stop());

const now = () => mesh.replicas[0].service.parts.database.now();
const context = () => ({ actor: `account:${acme.alice.accountId}` as const });
const offline = { scopes: ['openid', 'profile', 'offline_access'] };

/** Alice at her account page, in a session that began now. */
async function alice(): Promise<Authentication> {
  return (await codeOf(mesh, acme, { consent: 'first_party', clientId: 'spa' })).request.authentication;
}

async function consents(authentication: Authentication) {
  const answer = await mesh.ask(listOwnGrants, { tenantId: acme.tenant.id, authentication });
  if (answer.outcome !== 'live') throw new Error(answer.outcome);
  return answer.grants;
}

const withdraw = async (authentication: Authentication, grantId: GrantId) =>
  (await mesh.ask(withdrawOwnGrant, { tenantId: acme.tenant.id, authentication, grantId, context: context() })).outcome;

const refreshed = (tokens: Tokens) =>
  post(mesh.replicas[0], path(acme.tenant, '/token'), refresh(tokens.refresh_token), {
    authorization: acme.authorization,
  });

const ask = (method: string, url: string, token = bearer, body?: unknown, headers: Record<string, string> = {}) =>
  manage(mesh.replicas[0], method, url, { bearer: token, headers, ...(body !== undefined && { body }) });
const itemsOf = async (query = '') =>
  (
    (await ask('GET', `/grants${query}`)).body as {
      items: { id: string; client_id: string; agreed_at: string | null }[];
    }
  ).items;

describe('what a person has agreed to', () => {
  it('is shown with its scopes, and with its last use: a sign-in to the minute, or a refresh', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const [given] = await consents(await alice());
    expect(given).toMatchObject({ clientId: 'shop', scopes: expect.arrayContaining(offline.scopes) });
    expect(given?.lastUsedAt).toBeGreaterThanOrEqual(given?.agreedAt ?? Infinity);
    await codeOf(mesh, acme, { consent: 'remembered' });
    expect(await consents(await alice())).toEqual([given]);
    await meddle(mesh, `update token."grant" set last_used_at = last_used_at - interval '61 seconds'`);
    await codeOf(mesh, acme, { consent: 'remembered' });
    const [used] = await consents(await alice());
    expect(used?.lastUsedAt).toBeGreaterThan(given?.lastUsedAt ?? Infinity);
    expect((await refreshed(tokens)).status).toBe(200);
    const [rotated] = await consents(await alice());
    expect(rotated?.lastUsedAt).toBeGreaterThan(used?.lastUsedAt ?? Infinity);
  });

  it('is not what nobody was asked for', async () => {
    expect(await consents(await alice())).toEqual([]);
    expect(await itemsOf()).toMatchObject([{ client_id: 'spa', agreed_at: null, scopes: [] }]);
  });

  it('ends at once when it is taken back, at every replica, and is asked for anew', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const { code } = await codeOf(mesh, acme);
    const authentication = await alice();
    const [given] = await consents(authentication);
    if (!given) throw new Error('no consent');
    expect(await withdraw(authentication, given.grantId)).toBe('withdrawn');
    for (const at of [0, 1])
      expect(await eventually(async () => !(await isActive(mesh, acme, tokens.access_token, at)))).toBe(true);
    expect((await refreshed(tokens)).body).toMatchObject({ error: 'invalid_grant' });
    const { authorization } = acme;
    const redeemed = await post(mesh.replicas[0], path(acme.tenant, '/token'), redemption(code), { authorization });
    expect(redeemed.body).toMatchObject({ error: 'invalid_grant' });
    expect(await consents(authentication)).toEqual([]);
    expect(await withdraw(authentication, given.grantId)).toBe('gone');
    const { answer } = await codeOf(mesh, acme, { consent: 'remembered' });
    expect(answer.outcome).toBe('consent_required');
    const subject = `account:${acme.alice.accountId}`;
    expect(await mesh.recorded('signet.token.grant.revoked.v1', acme.tenant)).toMatchObject([
      { aggregate: `grant:${given.grantId}`, actor: subject, subject, client: 'shop', aggregateversion: 3 },
    ]);
    expect(await mesh.recorded('signet.token.revocation.raised.v1', acme.tenant)).toMatchObject([
      { actor: subject, data: { kind: 'grant', key: given.grantId } },
    ]);
    // Agreed to anew, it is that alone.
    await codeOf(mesh, acme, { scopes: ['openid'] });
    expect(await consents(await alice())).toMatchObject([{ grantId: given.grantId, scopes: ['openid'] }]);
  });

  it('stays where the process ended between the floor and the agreement, and counts for nothing', async () => {
    await tokensOf(mesh, acme);
    const authentication = await alice();
    const [given] = await consents(authentication);
    if (!given) throw new Error('no consent');
    const raiseId = newId(eventId);
    const floor = { kind: 'grant' as const, raiseId, tenantId: acme.tenant.id, grantId: given.grantId, reason: 'x' };
    await mesh.ask(raiseFloors, { floors: [floor] });
    expect(await consents(authentication)).toEqual([]);
    expect((await codeOf(mesh, acme, { consent: 'remembered' })).answer.outcome).toBe('consent_required');
  });

  it('is nobody else’s to take back, and not of a session that a floor has ended', async () => {
    const tokens = await tokensOf(mesh, acme);
    const authentication = await alice();
    const [given] = await consents(authentication);
    if (!given) throw new Error('no consent');
    const bob = { ...acme.alice, accountId: newId(accountId), sub: 'bob' };
    mesh.directory.accounts.push(bob);
    expect(await withdraw({ ...authentication, accountId: bob.accountId }, given.grantId)).toBe('gone');
    const { sessionId } = authentication;
    const floor = {
      kind: 'session' as const,
      raiseId: newId(eventId),
      tenantId: acme.tenant.id,
      sessionId,
      reason: 'x',
    };
    await mesh.ask(raiseFloors, { floors: [{ ...floor, expiresAt: plusSeconds(now(), 60) }] });
    expect(await withdraw(authentication, given.grantId)).toBe('dead');
    const listed = await mesh.ask(listOwnGrants, { tenantId: acme.tenant.id, authentication });
    expect(listed).toEqual({ outcome: 'dead', by: 'session' });
    expect(await isActive(mesh, acme, tokens.access_token)).toBe(true);
  });
});

describe('what a person has agreed to with very many', () => {
  it('is told up to two hundred, and that there are more', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const authentication = await alice();
    expect(tokens.access_token).toBeDefined();
    const listed = () => mesh.ask(listOwnGrants, { tenantId: acme.tenant.id, authentication });
    expect(await listed()).toMatchObject({ outcome: 'live', more: false });
    await meddle(
      mesh,
      `insert into token."grant" (tenant_id, id, account_id, client_id, scopes, version, agreed_at)
        select tenant_id, (left(id::text, 24) || lpad(to_hex(n), 12, '0'))::uuid, account_id, 'app' || n, '{openid}', 1, clock_timestamp()
        from token."grant", generate_series(1, 200) n where account_id = '${acme.alice.accountId}' and agreed_at is not null`,
    );
    const most = await listed();
    expect(most.outcome === 'live' && [most.grants.length, most.more]).toEqual([200, true]);
    await meddle(mesh, `delete from token."grant" where client_id like 'app%'`);
  });
});

describe('/admin/v1/grants', () => {
  it('lists, reads and withdraws what the accounts of its tenant let clients have', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    await alice();
    const account = showId('acc', acme.alice.accountId);
    const all = await itemsOf();
    expect(all.map((each) => each.client_id)).toEqual(['shop', 'spa']);
    expect(await itemsOf(`?account=${account}`)).toEqual(all);
    const [shop] = await itemsOf('?client=shop');
    expect([shop, await itemsOf(`?client=spa&account=${account}`)]).toEqual([all[0], [all[1]]]);
    expect(await itemsOf(`?account=${showId('acc', newId(accountId))}`)).toEqual([]);
    const first = await ask('GET', '/grants?limit=1');
    const { next_cursor: cursor } = first.body as { next_cursor: string };
    expect(await itemsOf(`?limit=1&cursor=${cursor}`)).toEqual([all[1]]);
    const url = `/grants/${shop?.id ?? ''}`;
    expect((await ask('GET', url)).body).toEqual(shop);
    const globex = await populate(mesh, `globex-${count++}`);
    makeConsole(mesh, globex);
    const theirs = await consoleToken(mesh.replicas[0], globex);
    for (const method of ['GET', 'DELETE']) expect((await ask(method, url, theirs)).status).toBe(404);
    expect((await ask('DELETE', url)).status).toBe(204);
    expect((await refreshed(tokens)).body).toMatchObject({ error: 'invalid_grant' });
    for (const method of ['GET', 'DELETE']) expect((await ask(method, url)).status).toBe(404);
    expect((await itemsOf()).map((each) => each.client_id)).toEqual(['spa']);
    expect(await mesh.recorded('signet.token.grant.revoked.v1', acme.tenant)).toMatchObject([
      { actor: 'client:console', subject: `account:${acme.alice.accountId}` },
    ]);
  });

  it('has what nobody was asked for again once it is used again', async () => {
    await alice();
    const [spa] = await itemsOf();
    expect((await ask('DELETE', `/grants/${spa?.id ?? ''}`)).status).toBe(204);
    expect(await itemsOf()).toEqual([]);
    await alice();
    expect(await itemsOf()).toMatchObject([{ id: spa?.id, agreed_at: null }]);
  });
});

describe('/admin/v1/revocations', () => {
  const revoke = (body: object, headers: Record<string, string> = {}) =>
    ask('POST', '/revocations', bearer, body, headers);
  const floors = (kind: string) =>
    mesh.database.query(`select key from token.floor where tenant_id = $1 and kind = $2`, [acme.tenant.id, kind]);
  const raised = () => mesh.recorded('signet.token.revocation.raised.v1', acme.tenant);

  it('ends all of an account by one floor, whatever its number, with who did it', async () => {
    const many = await Promise.all([1, 2, 3].map(() => tokensOf(mesh, acme, offline)));
    const account = showId('acc', acme.alice.accountId);
    const answer = await revoke({ kind: 'account', account_id: account });
    expect([answer.status, answer.body]).toEqual([
      200,
      { id: expect.any(String), kind: 'account', account_id: account },
    ]);
    for (const tokens of many) {
      expect(await isActive(mesh, acme, tokens.access_token)).toBe(false);
      expect((await refreshed(tokens)).body).toMatchObject({ error: 'invalid_grant' });
    }
    expect(await floors('account')).toEqual([{ key: acme.alice.accountId }]);
    const { id } = answer.body as { id: string };
    expect(await raised()).toMatchObject([
      { actor: 'client:console', subject: `account:${acme.alice.accountId}`, data: { kind: 'account', raise: id } },
    ]);
    expect(await isActive(mesh, acme, (await tokensOf(mesh, acme)).access_token)).toBe(true);
  });

  it('ends what was issued to a client, and nothing of another', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const { status, body } = await revoke({ kind: 'client', client_id: 'shop' });
    expect([status, body]).toEqual([200, { id: expect.any(String), kind: 'client', client_id: 'shop' }]);
    expect(await isActive(mesh, acme, tokens.access_token)).toBe(false);
    expect((await ask('GET', '/grants')).status).toBe(200);
  });

  it('ends all of the tenant, the token that asks for it too', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    expect((await revoke({ kind: 'tenant' })).status).toBe(200);
    expect((await ask('GET', '/grants')).status).toBe(401);
    expect((await refreshed(tokens)).body).toMatchObject({ error: 'invalid_grant' });
    bearer = await consoleToken(mesh.replicas[0], acme);
    expect((await ask('GET', '/grants')).status).toBe(200);
  });

  it('that is sent again with its key is the same one, and ends what a crash left half done', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await revoke({ kind: 'client', client_id: 'shop' }, key);
    await meddle(mesh, `update token.raise set redated_at = null where tenant_id = '${acme.tenant.id}'`);
    const before = await mesh.database.query(`select at from token.floor where kind = 'client'`);
    const tokens = await tokensOf(mesh, acme);
    const again = await revoke({ kind: 'client', client_id: 'shop' }, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await raised()).toHaveLength(1);
    expect(await mesh.database.query(`select at from token.floor where kind = 'client'`)).not.toEqual(before);
    expect(await isActive(mesh, acme, tokens.access_token)).toBe(false);
    expect((await revoke({ kind: 'tenant' }, key)).status).toBe(422);
  });

  it.each<[string, object, string]>([
    [
      'an account that is not there',
      { kind: 'account', account_id: `acc_${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(15)}` },
      '/account_id',
    ],
    ['a client that is not there', { kind: 'client', client_id: 'nobody' }, '/client_id'],
    ['a kind that is none', { kind: 'world' }, '/kind'],
    ['no client', { kind: 'client' }, '/client_id'],
    ['more than its kind has', { kind: 'tenant', client_id: 'shop' }, '/client_id'],
  ])('of %s is refused', async (_, body, pointer) => {
    const answer = await revoke(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ type: 'urn:signet:problem:invalid-object', errors: [{ pointer }] });
    expect(await raised()).toEqual([]);
  });
});
