import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { ensureNoRegistration } from './registration.js';
import { ensureSignedWhereRequired } from './request-object.js';

describe('ensureSignedWhereRequired', () => {
  it.each([
    [{}, false, true],
    [{ requireSignedRequestObject: true }, false, false],
    [{ requireSignedRequestObject: true }, true, true],
    [{ profile: 'fapi2-message-signing' }, false, false],
    [{ profile: 'fapi2-message-signing' }, true, true],
    [{ profile: 'fapi2-security' }, false, true],
  ] as const)('of a client %j with an object: %s', (client, byObject, passes) => {
    expect(ensureSignedWhereRequired({ ...checkContext({}, client), byObject }).ok).toBe(passes);
  });
});

describe('ensureNoRegistration', () => {
  it('answers registration_not_supported', () => {
    expect(ensureNoRegistration(checkContext({ registration: '{}' }))).toMatchObject({
      ok: false,
      error: { error: 'registration_not_supported' },
    });
    expect(ensureNoRegistration(checkContext({})).ok).toBe(true);
  });
});
