import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { ensurePushedWhereRequired } from './pushed-request.js';

const pushed = { id: 'id', secretHash: 'hash' };

describe('ensurePushedWhereRequired', () => {
  it.each([
    ['a client that may', {}],
    ['a client that must', { requirePushedAuthorizationRequests: true }],
    ['FAPI 2.0', { profile: 'fapi2-security' }],
  ] as const)('takes what was pushed, and what is being pushed, of %s', (_what, client) => {
    const context = checkContext({}, client);
    expect(ensurePushedWhereRequired({ ...context, pushed }).ok).toBe(true);
    expect(ensurePushedWhereRequired({ ...context, endpoint: 'par' }).ok).toBe(true);
    expect(ensurePushedWhereRequired(context).ok).toBe(Object.keys(client).length === 0);
  });
});
