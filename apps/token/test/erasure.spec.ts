import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventId, forgetAccount, newId, raiseFloors } from '@signet/contracts';
import { codeOf, populate, post, redemption, refresh, type Population, type Tokens } from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
beforeAll(async () => {
  mesh = await runTokenReplicas();
});
afterAll(() => mesh.stop());

const rows = async (table: string, { alice }: Population) =>
  (await mesh.database.query(`select from token.${table} where account_id = $1`, [alice.accountId])).length;

async function tokensOf(at: Population, path: string): Promise<Tokens> {
  const { code } = await codeOf(mesh, at, { consent: 'approved' });
  const { authorization } = at;
  return (await post(mesh.replicas[0], path, redemption(code), { authorization })).body as unknown as Tokens;
}

it('keeps no consent and no family of an erased account, and all of everybody else', async () => {
  const [acme, globex] = [await populate(mesh), await populate(mesh, 'globex')];
  const tokens = await tokensOf(acme, '/token');
  await tokensOf(globex, '/token/t/globex');
  const { tenant, alice, authorization } = acme;
  const of = { tenantId: tenant.id, accountId: alice.accountId };
  await mesh.ask(raiseFloors, {
    floors: [{ kind: 'account', raiseId: newId(eventId), reason: 'account_erased', ...of }],
  });
  await Promise.all([mesh.ask(forgetAccount.token, of), mesh.ask(forgetAccount.token, of)]);

  expect([await rows('family', acme), await rows('"grant"', acme)]).toEqual([0, 0]);
  expect([await rows('family', globex), await rows('"grant"', globex)]).toEqual([1, 1]);
  const ended = await mesh.recorded('signet.token.family.ended.v1', tenant);
  expect(ended).toMatchObject([{ reason: 'account_erased', subject: `account:${alice.accountId}` }]);
  const erased = await mesh.recorded('signet.token.grants.erased.v1', tenant);
  expect(erased).toMatchObject([{ data: { grants: 1 }, subject: `account:${alice.accountId}` }]);
  expect(await post(mesh.replicas[1], '/token', refresh(tokens.refresh_token), { authorization })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  });
});
