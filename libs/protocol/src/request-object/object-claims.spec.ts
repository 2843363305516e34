import { describe, expect, it } from '@jest/globals';
import { aClient, ISSUER, NOW } from '../../test/fixtures.js';
import { toSeconds } from '../clock.js';
import { objectClaimsFault } from './object-claims.js';

const now = toSeconds(NOW);
const context = { client: aClient(), issuer: ISSUER, now: NOW };
const dated = { ...context, client: aClient({ profile: 'fapi2-message-signing' }) };
const sound = { iss: 'shop', aud: ISSUER, exp: now + 60, nbf: now };

describe('objectClaimsFault', () => {
  it.each<[string, Record<string, unknown>]>([
    ['nothing of a JWT', {}],
    ['all of it', sound],
    ['an audience among others', { aud: ['https://other.example', ISSUER] }],
    ['a subject of another kind', { sub: 'alice' }],
    ['an exp just past', { exp: now - 59 }],
    ['an nbf a moment ahead', { nbf: now + 8 }],
  ])('takes %s', (_what, claims) => {
    expect(objectClaimsFault(claims, context)).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['another issuer', { iss: 'other' }, /issuer/],
    // RFC 9101 section 10.8: it could be taken for an assertion.
    ['the client as its subject', { ...sound, sub: 'shop' }, /subject/],
    ['another audience', { aud: 'https://evil.example' }, /another server/],
    ['an audience of nobody', { aud: [] }, /another server/],
    ['an exp that is past', { exp: now - 60 }, /expired/],
    ['an nbf far ahead', { nbf: now + 61 }, /not valid yet/],
    ['an iat far ahead', { iat: now + 61 }, /not valid yet/],
    ['an exp of text', { exp: `${now + 60}` }, /type/],
    ['an audience of no text', { aud: 1 }, /type/],
  ])('refuses %s', (_what, claims, fault) => {
    expect(objectClaimsFault(claims, context)).toMatch(fault);
  });

  it('takes a dated one of a client of FAPI 2.0 Message Signing', () => {
    expect(objectClaimsFault(sound, dated)).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    ['no iss', { iss: undefined }],
    ['no aud', { aud: undefined }],
    ['no exp', { exp: undefined }],
    ['no nbf', { nbf: undefined }],
    ['more than an hour', { exp: now + 3_601 }],
    ['an nbf more than an hour ago', { nbf: now - 3_601, exp: now - 10 }],
  ])('refuses of it one with %s', (_what, claims) => {
    expect(objectClaimsFault({ ...sound, ...claims }, dated)).toBeDefined();
  });
});
