import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sessionState } from './session-state.js';

const digests = { sha256: (text: string) => createHash('sha256').update(text).digest('base64url') };
const input = {
  clientId: 'the shop',
  redirectUri: 'https://shop.example:8443/callback?x=1',
  browserState: 'state',
  salt: 'salt',
};

describe('sessionState', () => {
  it('is the hash of client, origin, browser state and salt, and the salt', () => {
    expect(sessionState(input, digests)).toBe(
      `${digests.sha256('the shop https://shop.example:8443 state salt')}.salt`,
    );
  });

  it('leaves out a default port, as a browser does', () => {
    expect(sessionState({ ...input, redirectUri: 'https://shop.example:443/' }, digests)).toBe(
      `${digests.sha256('the shop https://shop.example state salt')}.salt`,
    );
  });

  it('is none where no frame can ask', () => {
    expect(sessionState({ ...input, redirectUri: 'com.example.app:/callback' }, digests)).toBeUndefined();
  });
});
