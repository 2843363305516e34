import { describe, expect, it } from '@jest/globals';
import { micros } from '@signet/contracts';
import { openAccountForm } from '../account/account-page.js';
import { isOwnForm } from '../device/device-page.js';
import { openSetupForm } from '../setup/setup-form.js';
import type { Browser } from './browser.js';
import { openInteraction } from './sealed-interaction.js';

const now = micros.parse(1_795_694_400_000_000);
const expiresAt = now + 1;
const session = '0198c5a0-2222-7b7a-9d2f-1c2d3e4f5a6b';
const digest = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';

/** A browser whose form has this text sealed into it. */
const browserWith = (content: object): Browser => ({ openForm: () => JSON.stringify(content) }) as unknown as Browser;
const filled = { get: () => 'sealed' } as unknown as Parameters<typeof openSetupForm>[1];

/** As 0.1.0 seals them: a person may have a page open while the replicas are replaced. */
const asked = {
  ...{ tenantId: '0198c59f-0000-7000-8000-000000000001', clientId: 'demo', state: 's', nonce: 'n' },
  ...{ scopes: ['openid'], codeChallenge: digest, dpopJkt: digest, prompt: ['login'], maxAge: 60, loginHint: 'alice' },
  ...{ subjects: ['sub'], acrValues: ['urn:signet:acr:password'], essentialAcr: ['urn:signet:acr:password'] },
  ...{ claims: { userinfo: ['name'], idToken: ['email'] }, display: 'page', uiLocales: ['de'] },
  ...{ resources: ['https://api.example'], receivedAt: 7, pushed: { id: session, secretHash: digest } },
};
const released = {
  authorization: { ...asked, redirectUri: 'https://demo.example/', responseType: 'code', responseMode: 'query' },
  device: { ...asked, device: { deviceCodeId: session, userCodeHash: digest, userCode: 'WDJB-MJHT' } },
  account: { account: true, uiLocales: ['de'] },
};
const more = { of_a_newer_version: { a: [1] } };

describe('a form of a release', () => {
  it.each(Object.entries(released))('goes on: of the request %s', (_, request) => {
    const interaction = { request, session, expiresAt };
    const opened = openInteraction(browserWith(interaction), 'sign-in', 'sealed', now);
    expect(opened).toEqual({ kind: 'open', interaction });
    const newer = { ...interaction, request: { ...request, ...more }, ...more };
    expect(openInteraction(browserWith(newer), 'sign-in', 'sealed', now)).toEqual({ kind: 'open', interaction });
  });

  it('goes on: of the account page, of a device and of setting up', () => {
    const page = { session, expiresAt, uiLocales: ['de'] };
    expect(openAccountForm(browserWith({ ...page, ...more }), 'sealed', now)).toEqual(page);
    expect(isOwnForm(browserWith({ expiresAt, ...more }), 'sealed', now)).toBe('own');
    const setup = openSetupForm(browserWith({ expiresAt, codeHash: digest, ...more }), filled, now);
    expect(setup).toEqual({ expired: false, codeHash: digest });
  });
});

describe('a form of a newer version that this one cannot read', () => {
  it('is none of ours, and whoever has it begins anew', () => {
    const unknown = browserWith({ version: 2, until: expiresAt });
    expect(openInteraction(unknown, 'sign-in', 'sealed', now)).toEqual({ kind: 'invalid' });
    expect(openAccountForm(unknown, 'sealed', now)).toBe('foreign');
    expect(isOwnForm(unknown, 'sealed', now)).toBe('foreign');
    expect(openSetupForm(unknown, filled, now)).toBeUndefined();
  });
});
