import { describe, expect, it } from '@jest/globals';
import { keyChecks } from './key-check.js';
import { loadKeyring, newKeyring } from './keyring.js';

const file = newKeyring();

describe('the check value of a key', () => {
  it('is the same wherever the key is, and does not hold it', () => {
    const [check = ''] = keyChecks(loadKeyring(file), 'event');
    expect(keyChecks(loadKeyring(structuredClone(file)), 'event')).toEqual([check]);
    expect(check).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(JSON.stringify(file)).not.toContain(check);
  });

  it('is another one of another key, and of the same key for another purpose', () => {
    const [key] = file.keys;
    const of = (purpose: 'event' | 'client') => keyChecks(loadKeyring({ keys: [{ ...key, purpose }] }), purpose);
    expect(of('event')).not.toEqual(of('client'));
    expect(keyChecks(loadKeyring(newKeyring()), 'event')).not.toEqual(keyChecks(loadKeyring(file), 'event'));
  });
});
