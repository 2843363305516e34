import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import {
  deviceApproved,
  deviceCodeId,
  deviceDenied,
  eventId,
  grantCreated,
  grantExtended,
  grantId,
  networkOf,
  newId,
  revocationRaised,
  type Tenant,
  type TenantId,
} from '@signet/contracts';
import { digests, sha256Text } from '@signet/keys';
import { challengeOf } from '@signet/protocol';
import type { Client, CodeRedemption, DeviceAuthorization } from '@signet/protocol';
import {
  describeAuthorizationCodeStore,
  describeClientCredentialsStore,
  describeDeviceCodeStore,
  describeRefreshFamilyStore,
} from '@signet/protocol/stores';
import { aClient, aTenant } from '@signet/testing';
import { DeviceAuthorizations } from '../src/devices/device-authorizations.js';
import { DevicePolls } from '../src/devices/device-polls.js';
import { approveDeviceStatement, denyDeviceStatement } from '../src/devices/store/decide-device.js';
import type { FloorRow } from '../src/floors/floor-index.js';
import { Floors } from '../src/floors/floors.js';
import { FloorStore } from '../src/floors/store/floor-store.js';
import { CodeRedemptions } from '../src/grants/code-redemptions.js';
import { FamilyRotations } from '../src/grants/family-rotations.js';
import { OwnTokens } from '../src/grants/own-tokens.js';
import { Refusals } from '../src/http/refusals.js';
import { ListedTokens } from '../src/status-lists/listed-tokens.js';
import { StatusIndices } from '../src/status-lists/status-indices.js';
import { StatusPlaces } from '../src/status-lists/status-places.js';
import { storeDatabase, type StoreDatabase } from './support/database.js';
import { aSignIn, issue, verifier } from './support/sign-in.js';

let on: StoreDatabase;
beforeAll(async () => {
  on = await storeDatabase();
});
afterAll(() => on.stop());
// Nothing runs by itself here, and its time is known for five seconds.
beforeEach(() => on.database.pollClock());

const events = { make: (definition, input) => on.event(definition, input) } as ConstructorParameters<
  typeof OwnTokens
>[0]['events'];
const refusals = new Refusals({ record: () => Promise.resolve() });
const exchangeAt = (tenant: Tenant) => ({ tenant, network: networkOf('127.0.0.1', undefined) });

/** A tenant of its own, and the stores as a request at it and at another one has them. */
function setUp() {
  const [tenant, other] = [aTenant(), aTenant({ slug: 'other', issuer: 'https://id.other.example' })];
  const floors = new Floors({ reader: new FloorStore(on.database) });
  const places = new StatusPlaces(new StatusIndices(on.database), tenant, () => []);
  const listed = new ListedTokens(on.database);
  const deps = { database: on.database, events, floors, refusals, places, listed };
  const client = aClient({ tenantId: tenant.id });
  const stranger = aClient({ tenantId: tenant.id, clientId: 'stranger' });
  return { tenant, other, floors, deps, client, stranger };
}

async function codeOf(tenantId: TenantId, client: Client, resources: readonly string[]): Promise<CodeRedemption> {
  const signIn = aSignIn(on.database.now(), { tenantId, clientId: client.clientId, resources: [...resources] });
  await issue(on, signIn);
  const { request } = signIn;
  return {
    client,
    codeId: request.code.id,
    secretHash: request.code.hash,
    redirectUri: request.redirectUri,
    codeChallenge: challengeOf(verifier, digests),
    resources: [],
    openResources: resources,
    tokenId: `jti-${request.code.id}`,
    refreshable: true,
  };
}

/** Time cannot be waited for; nothing else changes rows without an event. */
async function meddle(text: string): Promise<void> {
  await on.suite.query(`begin; set local session_replication_role = replica; ${text}; commit`);
}

const longAgo = `clock_timestamp() - interval '1 second'`;

async function raise(tenantId: TenantId, kind: 'account' | 'client', key: string): Promise<readonly FloorRow[]> {
  const raiseId = newId(eventId);
  const event = on.event(revocationRaised, { tenantId, data: { kind, key, raise: raiseId } });
  return new FloorStore(on.database).raise([{ raiseId, tenantId, kind, key, reason: 'test', event }]);
}

function never(): never {
  throw new Error('a floor of its kind has a time');
}

async function raiseOverAccountOf(table: 'code' | 'device' | 'family', tenantId: TenantId, id: string): Promise<void> {
  const [row] = await on.suite.query<{ account_id: string }>(`select account_id from token.${table} where id = $1`, [
    id,
  ]);
  if (!row) throw new Error(`no such ${table}`);
  await raise(tenantId, 'account', row.account_id);
}

describeAuthorizationCodeStore(() => {
  const { tenant, other, deps, client, stranger } = setUp();
  return Promise.resolve({
    store: new CodeRedemptions(deps, exchangeAt(tenant)),
    elsewhere: new CodeRedemptions(deps, exchangeAt(other)),
    stranger,
    issue: (resources = []) => codeOf(tenant.id, client, resources),
    expire: (id) => meddle(`update token.code set expires_at = ${longAgo} where id = '${id}'`),
    revoke: (id) => raiseOverAccountOf('code', tenant.id, id),
  });
});

describeDeviceCodeStore(() => {
  const { tenant, other, deps, client, stranger } = setUp();
  const [exchange, polls] = [exchangeAt(tenant), new DevicePolls(deps, exchangeAt(tenant))];
  const authorizations = new DeviceAuthorizations(deps, exchange);
  const decided = ({ deviceCodeId: id, userCodeHash }: DeviceAuthorization) => ({
    tenantId: tenant.id,
    deviceCodeId: deviceCodeId.parse(id),
    userCodeHash,
    context: { actor: 'account:alice' },
  });
  const change = (id: string, text: string) => meddle(`update token.device set ${text} where id = '${id}'`);
  return Promise.resolve({
    store: { begin: (asked) => authorizations.begin(asked), poll: (poll) => polls.poll(poll) },
    elsewhere: new DevicePolls(deps, exchangeAt(other)),
    client,
    stranger,
    authorization: (resources = []) => {
      const id = newId(deviceCodeId);
      const hashes = { secretHash: sha256Text(`secret of ${id}`), userCodeHash: sha256Text(`user code of ${id}`) };
      return { client, deviceCodeId: id, ...hashes, scopes: ['openid'], resources, expiresIn: 600, interval: 5 };
    },
    approve: async (asked) => {
      const { authentication } = aSignIn(on.database.now()).request;
      const scopes = [...asked.scopes];
      const verdict = await on.database.first(approveDeviceStatement, {
        request: {
          ...decided(asked),
          clientId: client.clientId,
          clientVersion: client.version,
          authentication,
          scopes,
        },
        sub: 'sub-alice',
        grantId: newId(grantId),
        approved: on.event(deviceApproved, { tenantId: tenant.id, aggregate: asked.deviceCodeId, data: { scopes } }),
        grantCreated: on.event(grantCreated, { tenantId: tenant.id, data: { scopes } }),
        grantExtended: on.event(grantExtended, { tenantId: tenant.id, data: { scopes } }),
      });
      if (verdict?.approved !== true) throw new Error('it was not approved');
    },
    deny: async (asked) => {
      const denied = on.event(deviceDenied, { tenantId: tenant.id, aggregate: asked.deviceCodeId, data: {} });
      await on.database.first(denyDeviceStatement, { request: decided(asked), denied });
    },
    expire: (id) => change(id, `expires_at = ${longAgo}`),
    later: (id) => change(id, `polled_at = polled_at - interval '1 hour'`),
    spendLater: (id) => change(id, `redeemed_at = clock_timestamp() + interval '1 hour'`),
    revoke: (id) => raiseOverAccountOf('device', tenant.id, id),
    isEnded: async (id) => {
      const floors = await on.suite.query(
        `select from token.floor join token.device on floor.key = device.instance_id::text where kind = 'instance' and id = $1`,
        [id],
      );
      return floors.length > 0;
    },
  });
});

describeRefreshFamilyStore(() => {
  const { tenant, other, deps, client, stranger } = setUp();
  return Promise.resolve({
    store: new FamilyRotations(deps, exchangeAt(tenant)),
    elsewhere: new FamilyRotations(deps, exchangeAt(other)),
    stranger,
    begin: async (resources = []) => {
      const redemption = await codeOf(tenant.id, client, resources);
      const redeemed = await new CodeRedemptions(deps, exchangeAt(tenant)).redeem(redemption);
      if (redeemed.outcome !== 'redeemed' || !redeemed.refreshToken) throw new Error('no family was begun');
      const { refreshToken: presented } = redeemed;
      return { client, presented, scopes: undefined, resources: [], openResources: resources, tokenId: 'jti' };
    },
    expire: (id) => meddle(`update token.family set expires_at = ${longAgo} where id = '${id}'`),
    revoke: (id) => raiseOverAccountOf('family', tenant.id, id),
  });
});

describeClientCredentialsStore(() => {
  const { tenant, floors, deps, client } = setUp();
  return Promise.resolve({
    store: new OwnTokens(deps, exchangeAt(tenant)),
    client,
    revoke: async ({ clientId }) => {
      const rows = await raise(tenant.id, 'client', clientId);
      floors.apply(rows);
      return rows.at(-1)?.at ?? never();
    },
    recorded: async ({ clientId }) => {
      const rows = await on.suite.query<{ leaf: Buffer }>('select leaf from token.outbox where tenant_id = $1', [
        tenant.id,
      ]);
      const leaves = rows.map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Record<string, unknown>);
      return leaves
        .filter((leaf) => leaf['client'] === clientId && leaf['type'] === 'signet.token.token.issued.v1')
        .map((leaf) => (leaf['data'] as { jti: string }).jti);
    },
  });
});
