import { describe, expect, it } from '@jest/globals';
import { deviceCodeId, digest, newId, tenantId } from '@signet/contracts';
import { DEVICE_CODE_GRANT_TYPE, type AuthorizationRequest, type Client } from '@signet/protocol';
import { aClient } from '@signet/testing';
import type { DeviceRequest } from './interaction-request.js';
import { mayStillAsk } from './may-still-ask.js';

const tenant = newId(tenantId);
const challenge = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';
const asked: Omit<DeviceRequest, 'device'> = {
  ...{ tenantId: tenant, clientId: 'shop', scopes: ['openid', 'email'], resources: [], prompt: [] },
  ...{ acrValues: [], claims: { userinfo: [], idToken: [] }, uiLocales: [], receivedAt: 7, codeChallenge: challenge },
};
const authorization: AuthorizationRequest = {
  ...asked,
  ...{ redirectUri: 'https://shop.example/callback', responseType: 'code', responseMode: 'query' },
};
const device: DeviceRequest = {
  ...asked,
  device: { deviceCodeId: newId(deviceCodeId), userCodeHash: digest.parse(challenge), userCode: 'WDJB-MJHT' },
};
const [orders, bills] = ['https://orders.example', 'https://bills.example'];
const resourceServers = [
  { identifier: orders, scopes: ['orders:read', 'email'] },
  { identifier: bills, scopes: ['bills:read'] },
];
const may = (request: AuthorizationRequest | DeviceRequest, client: Partial<Client>) =>
  mayStillAsk({ client: aClient({ ...client, tenantId: tenant }), resourceServers }, request);

describe('a client whose request came to /authorize', () => {
  it.each<[string, Partial<Client>, Partial<AuthorizationRequest>]>([
    ['is as it was', {}, {}],
    ['has more than it had', { scopes: ['openid', 'email', 'phone'] }, {}],
    ['need not prove a key, and did not', { requirePkce: false }, { codeChallenge: undefined }],
    [
      'pushes its requests, and did',
      { requirePushedAuthorizationRequests: true },
      { pushed: { id: 'p', secretHash: 'h' } },
    ],
    ['signs its requests, and did', { requireSignedRequestObject: true }, { byObject: true }],
    // A replica that did not keep it has sealed the page.
    ['signs its requests, and nobody knows whether it did', { requireSignedRequestObject: true }, {}],
    ['has a scope at the resource', {}, { resources: [orders] }],
  ])('may still ask where it %s', (_, client, request) => {
    expect(may({ ...authorization, ...request }, client)).toBe(true);
  });

  it.each<[string, Partial<Client>, Partial<AuthorizationRequest>]>([
    ['is disabled', { enabled: false }, {}],
    ['has lost the redirect_uri', { redirectUris: ['https://shop.example/new'] }, {}],
    ['has lost the grant', { grantTypes: ['refresh_token'] }, {}],
    ['has lost the response type', { responseTypes: [] }, {}],
    ['has lost a scope', { scopes: ['openid'] }, {}],
    ['has no scope at one of the resources any more', {}, { resources: [orders, bills] }],
    ['asked for a resource that is gone', {}, { resources: ['https://gone.example'] }],
    ['needs PKCE by now', { requirePkce: true }, { codeChallenge: undefined }],
    ['is public by now', { requirePkce: false, tokenEndpointAuthMethod: 'none' }, { codeChallenge: undefined }],
    ['must push its requests by now', { requirePushedAuthorizationRequests: true }, {}],
    ['must sign its requests by now', { requireSignedRequestObject: true }, { byObject: false }],
    ['is on another profile', { profile: 'fapi2-security' }, {}],
  ])('may not where it %s', (_, client, request) => {
    expect(may({ ...authorization, ...request }, client)).toBe(false);
  });
});

describe('a client whose device waits', () => {
  const ofDevices: Partial<Client> = { grantTypes: [DEVICE_CODE_GRANT_TYPE], redirectUris: [], responseTypes: [] };

  it('may still ask where it is as it was', () => {
    expect(may(device, ofDevices)).toBe(true);
  });

  it.each<[string, Partial<Client>]>([
    ['is disabled', { enabled: false }],
    ['has lost the grant', { grantTypes: ['authorization_code'] }],
    ['has lost a scope', { scopes: ['openid'] }],
  ])('may not where it %s', (_, client) => {
    expect(may(device, { ...ofDevices, ...client })).toBe(false);
  });

  it('may not where it has no scope at the resource any more', () => {
    expect(may({ ...device, resources: [orders] }, ofDevices)).toBe(true);
    expect(may({ ...device, resources: [bills] }, ofDevices)).toBe(false);
  });
});
