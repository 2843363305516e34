import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountId, newId, tenantId } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { EventFactory } from '@signet/service';
import { ErasureController } from '../src/ending/erasure.controller.js';
import { SessionRequests } from '../src/session/session-requests.js';
import { endById } from '../src/store/end-session.js';
import { sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
let erasure: ErasureController;
beforeAll(async () => {
  sessions = await sessionDatabase();
  erasure = new ErasureController(sessions.database, events(), sessions.ending);
});
afterAll(() => sessions.stop());

const events = () => new EventFactory(loadKeyring(newKeyring()), sessions.database.clock);

const recorded = async (tenant: string) =>
  (
    await sessions.suite.query<{ leaf: Buffer }>('select leaf from session.outbox where tenant_id = $1 order by id', [
      tenant,
    ])
  )
    .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type: string; data: object; reason?: string })
    .filter(({ type }) => !type.includes('.created.'));

it('ends and deletes every session of an erased account, and nobody else’s', async () => {
  const acme = newId(tenantId);
  const [alice, bob] = [newId(accountId), newId(accountId)];
  const begin = (of: string) => sessions.begin({ tenantId: acme, accountId: of });
  const [live, ended, other] = [await begin(alice), await begin(alice), await begin(bob)];
  await sessions.ending.end({
    ...{ statement: endById, parameters: { tenantId: acme, sessionId: ended } },
    ...{ reason: 'logout', context: { actor: 'anonymous' }, raise: false },
  });
  await erasure.forget({ tenantId: acme, accountId: alice });
  expect(await sessions.ends(live, ended, other)).toEqual(['forgotten', 'forgotten', null]);
  expect(await recorded(acme)).toMatchObject([
    { type: 'signet.session.session.ended.v1', reason: 'logout' },
    { type: 'signet.session.session.ended.v1', reason: 'revoked' },
    { type: 'signet.session.sessions.erased.v1', data: { sessions: 2 } },
  ]);
  await erasure.forget({ tenantId: acme, accountId: alice });
  expect(await recorded(acme)).toHaveLength(3);
});

it('tells whose session it is that a client has joined, so that the network is kept under the account’s key', async () => {
  const acme = newId(tenantId);
  const alice = newId(accountId);
  const session = await sessions.begin({ tenantId: acme, accountId: alice });
  const { database, ending } = sessions;
  await new SessionRequests(database, events(), ending).resolve({
    ...{ tenantId: acme, clientId: 'another', context: { actor: 'anonymous' } },
    session: { sessionId: session, secretHash: Buffer.alloc(32, session).toString('base64url') },
  });
  expect(await recorded(acme)).toMatchObject([
    { type: 'signet.session.session.joined.v1', subject: `account:${alice}`, client: 'another' },
  ]);
});
