import { describe, expect, it } from '@jest/globals';
import type { AuthorizationRequest, ConsentPolicy } from '@signet/protocol';
import { consentMode } from './consent-mode.js';

type Mode = ReturnType<typeof consentMode>;

describe('consentMode', () => {
  it.each<[ConsentPolicy, string, Partial<AuthorizationRequest>, Mode]>([
    ['explicit', 'each time', {}, 'ask'],
    ['remembered', 'as token has it', {}, 'remembered'],
    ['remembered', 'with prompt=consent', { prompt: ['consent'] }, 'ask'],
    ['first_party', 'never', {}, 'first_party'],
    ['first_party', 'with prompt=consent', { prompt: ['consent'] }, 'ask'],
    ['first_party', 'for offline_access, as token has it', { scopes: ['openid', 'offline_access'] }, 'remembered'],
  ])('asks for a client of %s %s', (consent, _when, request, mode) => {
    expect(consentMode({ prompt: [], scopes: ['openid'], ...request }, { consent })).toBe(mode);
  });
});
