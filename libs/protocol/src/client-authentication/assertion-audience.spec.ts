import { describe, expect, it } from '@jest/globals';
import { isAssertionAudience } from './assertion-audience.js';

const issuer = 'https://id.example/t/globex';
const at = (path: string) => `https://id.example${path}/t/globex`;
const recipients = {
  issuer,
  tokenEndpoint: at('/token'),
  endpoint: at('/par'),
  endpoints: [at('/token'), at('/par'), at('/introspect')],
};

describe('isAssertionAudience', () => {
  it.each<[string, string | readonly string[], boolean, boolean]>([
    ['the issuer', issuer, true, true],
    ['the token endpoint', at('/token'), true, false],
    ['the endpoint called', at('/par'), true, false],
    ['the issuer in a list', [issuer], true, false],
    ['all of them', [issuer, at('/token'), at('/par')], true, false],
    ['another endpoint beside', [at('/token'), at('/introspect')], true, false],
    ['another endpoint alone', at('/introspect'), false, false],
    ['an empty list', [], false, false],
    ['another tenant', 'https://id.example', false, false],
    ['another tenant beside', [issuer, 'https://id.example'], false, false],
    ["another tenant's token endpoint", 'https://id.example/token', false, false],
    // CVE-2025-27370: what was meant for somebody else too is good for neither.
    ['another server beside', [issuer, 'https://evil.example'], false, false],
    ['the issuer with a slash', `${issuer}/`, false, false],
    ['the issuer in capitals', issuer.toUpperCase(), false, false],
  ])('%s', (_what, audience, ordinary, fapi) => {
    expect(isAssertionAudience(audience, recipients, false)).toBe(ordinary);
    expect(isAssertionAudience(audience, recipients, true)).toBe(fapi);
  });
});
