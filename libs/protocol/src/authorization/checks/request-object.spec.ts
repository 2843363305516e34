import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { ensureNoRegistration } from './registration.js';
import { ensureNoRequestObject } from './request-object.js';

// oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported,
// oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
describe('ensureNoRequestObject', () => {
  it.each<[Record<string, string>, string]>([
    [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    [{ request_uri: 'https://shop.example/request' }, 'request_uri_not_supported'],
    [{ request: 'x', request_uri: 'y' }, 'request_not_supported'],
  ])('answers %j by %s', (parameters, error) => {
    expect(ensureNoRequestObject(checkContext(parameters))).toMatchObject({ ok: false, error: { error } });
  });

  it('passes where neither was sent', () => {
    expect(ensureNoRequestObject(checkContext({})).ok).toBe(true);
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
