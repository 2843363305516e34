import { describe, expect, it } from '@jest/globals';
import { micros } from '@signet/contracts';
import { readConfirmation } from './confirmation.js';

const now = micros.parse(1_795_694_400_000_000);
const released = {
  ...{ sessionId: '0198c5a0-2222-7b7a-9d2f-1c2d3e4f5a6b', redirectTo: 'https://demo.example/' },
  ...{ uiLocales: 'de', expiresAt: now + 1 },
};
const read = (content: object) => readConfirmation(JSON.stringify(content), now);

describe('the confirmation of a logout', () => {
  it('of a release goes on, as does a newer one that has more in it', () => {
    expect(read(released)).toEqual(released);
    expect(read({ ...released, of_a_newer_version: { a: [1] } })).toEqual(released);
  });

  it('is none when it is over, or of a version that says it otherwise', () => {
    expect(read({ ...released, expiresAt: now })).toBeUndefined();
    expect(read({ version: 2, session: released.sessionId })).toBeUndefined();
  });
});
