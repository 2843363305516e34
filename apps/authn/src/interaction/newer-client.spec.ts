import { describe, expect, it } from '@jest/globals';
import {
  accountId,
  approveDevice,
  authentication as authenticationSchema,
  deviceCodeId,
  digest,
  issueGrant,
  newId,
  sessionId,
} from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { DEVICE_CODE_GRANT_TYPE, type Client, type OAuthError } from '@signet/protocol';
import { aClient, anAccount, aTenant } from '@signet/testing';
import { DeviceFlow } from '../device/device-flow.js';
import { AuthorizationFlow } from './authorization-flow.js';
import { Browser } from './browser.js';
import type { Exchange } from './exchange.js';
import type { InteractionDeps } from './interaction-deps.js';

const issuer = 'http://localhost:3000';
const tenant = aTenant({ slug: 'default', issuer });
const alice = anAccount({ tenantId: tenant.id });
const keyring = loadKeyring(newKeyring());
const hash = digest.parse('n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg');
const authentication = authenticationSchema.parse({
  ...{ sessionId: newId(sessionId), accountId: newId(accountId), organisationId: null },
  ...{ since: 5, authTime: 5, acr: 'urn:signet:acr:password', amr: ['pwd'], sessionExpiresAt: 9 },
});
const asked = {
  ...{ tenantId: tenant.id, clientId: 'shop', scopes: ['openid'], codeChallenge: hash, resources: [], prompt: [] },
  ...{ acrValues: [], claims: { userinfo: ['email', 'name'], idToken: [] }, uiLocales: [], receivedAt: 1 },
};

/** Token knows of `changes` to the client, and this replica of authn does not yet. */
function meeting(before: Partial<Client>, changes: Partial<Client>) {
  const requests: Record<string, unknown>[] = [];
  const refused: (string | undefined)[] = [];
  const sent = { status: 0, location: undefined as string | undefined, page: '' };
  const older = aClient({ ...before, tenantId: tenant.id });
  const newer = { ...older, ...changes, version: older.version + 1 };
  const answers = ['stale_client', 'done'];
  const deps = {
    issuer,
    keyring,
    clock: { now: () => 6, latest: () => 6 },
    copies: {
      client: (_tenant: string, _id: string, minVersion = 0) =>
        Promise.resolve(minVersion > older.version ? newer : older),
      catalogue: () => Promise.resolve(undefined),
      account: () => Promise.resolve(alice),
    },
    requester: {
      request: (contract: object, request: Record<string, unknown>) => {
        requests.push(request);
        const done = contract === issueGrant ? 'issued' : contract === approveDevice ? 'approved' : 'unknown';
        return Promise.resolve({ outcome: answers.shift() === 'stale_client' ? 'stale_client' : done });
      },
    },
    refusals: {
      record: (_exchange: Exchange, { detail }: OAuthError) => {
        refused.push(detail);
        return Promise.resolve();
      },
    },
  } as unknown as InteractionDeps;
  const reply = {
    header: () => reply,
    status: (status: number) => {
      sent.status = status;
      return reply;
    },
    headers: ({ Location }: Record<string, string>) => {
      sent.location = Location;
      return reply;
    },
    send: (page = '') => {
      sent.page = page;
      return reply;
    },
  };
  const request = { ip: '192.0.2.7', headers: {}, raw: {}, socket: {} };
  const exchange = { tenant, request, reply } as unknown as Exchange;
  const browser = new Browser(exchange, keyring, issuer);
  return { deps, exchange, browser, older, requests, refused, sent };
}

const redirected = {
  redirectUri: 'https://shop.example/callback',
  responseType: 'code',
  responseMode: 'query',
} as const;
async function authorized(changes: Partial<Client>, consent: 'first_party' | 'remembered' | 'approved' = 'remembered') {
  const { deps, exchange, browser, older, ...seen } = meeting({ consent: 'remembered' }, changes);
  const flow = new AuthorizationFlow(deps, exchange, browser, { ...asked, ...redirected }, older);
  await flow.issue(authentication, consent);
  return seen;
}

describe('a request of which token says that the client has changed', () => {
  it('is asked for once more, by the client as it is by now', async () => {
    const { requests, sent } = await authorized({ scopes: ['openid', 'email'], consent: 'first_party' });
    expect(requests).toMatchObject([
      { clientVersion: 1, consent: 'remembered', claims: { userinfo: ['email', 'name'] } },
      { clientVersion: 2, consent: 'first_party', claims: { userinfo: ['email'], agreed: ['email'] } },
    ]);
    expect(sent.location).toMatch(/^https:\/\/shop\.example\/callback\?code=/);
  });

  it('is what the person has just agreed to', async () => {
    const { requests } = await authorized({ consent: 'explicit' }, 'approved');
    expect(requests).toMatchObject([{ consent: 'approved' }, { clientVersion: 2, consent: 'approved' }]);
  });

  it('is put to the person where the client has them asked each time by now', async () => {
    const { requests, sent } = await authorized({ consent: 'explicit' });
    expect(requests).toHaveLength(1);
    expect(sent).toMatchObject({ status: 200, location: undefined });
    expect(sent.page).toContain('value="allow"');
  });

  it.each<[string, Partial<Client>]>([
    ['is disabled', { enabled: false }],
    ['has lost the redirect_uri', { redirectUris: ['https://shop.example/new'] }],
    ['has lost a scope', { scopes: ['email'] }],
    ['must push its requests', { requirePushedAuthorizationRequests: true }],
  ])('is refused where the client %s', async (_, changes) => {
    const { requests, refused, sent } = await authorized(changes, 'approved');
    expect(requests).toHaveLength(1);
    expect(refused).toEqual(['client_changed']);
    expect(sent).toMatchObject({ status: 400, location: undefined });
  });
});

describe('a device of which token says that the client has changed', () => {
  const grants: Partial<Client> = { grantTypes: [DEVICE_CODE_GRANT_TYPE] };
  const approved = async (changes: Partial<Client>) => {
    const { deps, exchange, browser, older, ...seen } = meeting(grants, changes);
    const device = { deviceCodeId: newId(deviceCodeId), userCodeHash: hash, userCode: 'WDJB-MJHT' };
    await new DeviceFlow(deps, exchange, browser, { ...asked, device }, older).issue(authentication);
    return seen;
  };

  it('is approved for the client as it is by now', async () => {
    const { requests, refused, sent } = await approved({ name: 'Shop anew' });
    expect(requests).toMatchObject([{ clientVersion: 1 }, { clientVersion: 2 }]);
    expect({ refused, status: sent.status }).toEqual({ refused: [], status: 200 });
  });

  it.each<[string, Partial<Client>]>([
    ['has lost the grant', { grantTypes: ['authorization_code'] }],
    ['has lost a scope', { scopes: ['email'] }],
  ])('is refused where it %s', async (_, changes) => {
    const { requests, refused } = await approved(changes);
    expect(requests).toHaveLength(1);
    expect(refused).toEqual(['client_changed']);
  });
});
