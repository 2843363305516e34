import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { issueGrant } from '@signet/contracts';
import {
  basic,
  codeOf,
  get,
  populate,
  post,
  redemption,
  refresh,
  secret,
  signInOf,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let replica: Replica;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  [replica] = mesh.replicas;
  await mesh.replicas[1].stop();
  // Warm: the copies of client, account and catalogue, and the keys that sign.
  const tokens = await tokensOf(mesh, acme);
  await get(replica, '/userinfo', { authorization: `Bearer ${tokens.access_token}` });
  await post(replica, '/token', { grant_type: 'client_credentials' }, robot);
});
afterAll(() => mesh.stop());

const robot = { authorization: basic('robot', secret) };
const shop = () => ({ authorization: acme.authorization });

let tokens: Tokens;
let code: string;
beforeEach(async () => {
  tokens = await tokensOf(mesh, acme);
  ({ code } = await codeOf(mesh, acme));
  await replica.statements();
  await replica.messages();
});

const bearer = () => ({ authorization: `Bearer ${tokens.access_token}` });

// Design section 9. client_credentials shares its one statement with whoever commits at the same time.
it.each<[string, () => Promise<{ status?: number; outcome?: string }>, Record<string, number>]>([
  ['code', () => post(replica, '/token', redemption(code), shop()), { 'token.code.redeem': 1 }],
  ['refresh', () => post(replica, '/token', refresh(tokens.refresh_token), shop()), { 'token.family.rotate': 1 }],
  ['userinfo', () => get(replica, '/userinfo', bearer()), {}],
  ['introspection', () => post(replica, '/introspect', { token: tokens.access_token }, shop()), {}],
  [
    'introspection of a refresh token',
    () => post(replica, '/introspect', { token: tokens.refresh_token ?? '' }, shop()),
    { 'token.family.find': 1 },
  ],
  [
    'revocation',
    () => post(replica, '/revoke', { token: tokens.access_token }, shop()),
    { 'token.floor.raise-untimed': 1 },
  ],
  [
    'revocation of a refresh token',
    () => post(replica, '/revoke', { token: tokens.refresh_token ?? '' }, shop()),
    { 'token.family.end': 1 },
  ],
  [
    'grant.issue',
    () => mesh.ask(issueGrant, signInOf(acme, replica.service.parts.database.now()).request),
    { 'token.grant.issue': 1 },
  ],
])('%s takes no message and these statements', async (_case, ask, statements) => {
  const answer = await ask();
  expect(answer.status ?? 200).toBe(200);
  expect(await replica.statements()).toEqual(statements);
  expect(await replica.messages()).toEqual({});
});

it('client_credentials takes no message, and the statement that it shares with others', async () => {
  const counted = async () => {
    const metric = await replica.service.metrics.getSingleMetric('signet_database_statements_total')?.get();
    const recording = metric?.values.find(({ labels }) => labels['statement'] === 'persistence.outbox.record-many');
    return recording?.value ?? 0;
  };
  const before = await counted();
  expect((await post(replica, '/token', { grant_type: 'client_credentials' }, robot)).status).toBe(200);
  expect((await counted()) - before).toBe(1);
  expect(await replica.statements()).toEqual({});
  expect(await replica.messages()).toEqual({});
});
