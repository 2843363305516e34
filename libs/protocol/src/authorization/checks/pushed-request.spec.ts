import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { ensurePushedWhereRequired } from './pushed-request.js';

describe('ensurePushedWhereRequired', () => {
  it.each([
    ['oidc', true],
    ['fapi2-security', false],
    ['fapi2-message-signing', false],
  ] as const)('lets a plain request of the profile %s pass: %s', (profile, passes) => {
    expect(ensurePushedWhereRequired(checkContext({}, { profile })).ok).toBe(passes);
  });
});
