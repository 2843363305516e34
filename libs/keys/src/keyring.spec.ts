import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { completeKeyring, extendKeyring, keyringFileSchema, loadKeyring, newKeyring, purposes } from './keyring.js';
import { mac, refreshMac } from './mac.js';

const key = Buffer.alloc(32, 1).toString('base64url');
const entry = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: 'a',
  purpose: 'refresh',
  key,
  createdAt: '2026-01-01T00:00:00Z',
  ...changes,
});

describe('a keyring', () => {
  it('is made with one key of each purpose, and loads', () => {
    const file = newKeyring();
    const keyring = loadKeyring(JSON.parse(JSON.stringify(file)));
    for (const purpose of purposes) expect(keyring.current(purpose).purpose).toBe(purpose);
    expect(new Set(file.keys.map(({ key: secret }) => secret)).size).toBe(purposes.length);
  });

  it('uses the newest key of a purpose, wherever it stands, and still finds the older', () => {
    const older = entry({ id: 'old', createdAt: '2025-12-01T00:00:00Z' });
    // The same day by another offset: newer, though its text sorts before.
    const newer = entry({ id: 'new', createdAt: '2025-11-30T23:59:59-12:00' });
    for (const keys of [
      [older, newer],
      [newer, older],
    ]) {
      const keyring = loadKeyring({ keys });
      expect(keyring.current('refresh').id).toBe('new');
      expect(keyring.byId('refresh', 'old')?.id).toBe('old');
    }
  });

  it('keeps purposes apart', () => {
    const keyring = loadKeyring({ keys: [entry(), entry({ purpose: 'claim' })] });
    expect(keyring.byId('form', 'a')).toBeUndefined();
    expect(() => keyring.current('form')).toThrow('the keyring has no key of the purpose form');
  });

  it('is restricted to what a service needs, all of it', () => {
    const restricted = loadKeyring(newKeyring()).restrictTo(['form', 'event']);
    expect(restricted.current('form').purpose).toBe('form');
    expect(() => restricted.current('claim')).toThrow();
    expect(() => restricted.restrictTo(['claim'])).toThrow('claim');
  });

  it.each<[string, unknown, string]>([
    ['not an object', 'x', ''],
    ['no keys member', {}, 'keys'],
    ['a short key', { keys: [entry({ key: 'AAAA' })] }, 'keys.0.key'],
    ['a key with padding', { keys: [entry({ key: `${key}=` })] }, 'keys.0.key'],
    ['a key that is not canonical', { keys: [entry({ key: `${key.slice(0, -1)}F` })] }, 'keys.0.key'],
    ['an id with a dot', { keys: [entry({ id: 'a.b' })] }, 'keys.0.id'],
    ['a long id', { keys: [entry({ id: 'x'.repeat(33) })] }, 'keys.0.id'],
    ['a date that is none', { keys: [entry({ createdAt: 'yesterday' })] }, 'keys.0.createdAt'],
    ['an id twice', { keys: [entry(), entry({ createdAt: '2026-01-02T00:00:00Z' })] }, 'keys'],
    ['two that are equally new', { keys: [entry(), entry({ id: 'b' })] }, 'keys'],
    [
      'three of a purpose',
      { keys: ['1', '2', '3'].map((day) => entry({ id: day, createdAt: `2026-01-0${day}T00:00:00Z` })) },
      'keys',
    ],
  ])('is refused for %s', (_what, json, path) => {
    const { error } = keyringFileSchema.safeParse(json);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
    expect(() => loadKeyring(json)).toThrow();
    expect(String(error)).not.toContain(key);
  });

  it.each<[string, unknown]>([
    ['a member', { keys: [entry()], more: 1 }],
    ['a member of a key', { keys: [entry({ more: 1 })] }],
    ['a purpose', { keys: [entry({ purpose: 'of-a-newer-version', key: 'AA' }), entry()] }],
  ])('is used without %s that a newer version has given it, and is not rewritten with it', (_what, json) => {
    const keyring = loadKeyring(json);
    expect(keyring.all('refresh').map(({ id }) => id)).toEqual(['a']);
    expect(keyringFileSchema.safeParse(json).success).toBe(false);
  });

  it('says which key is at fault, whatever stands before it', () => {
    const keys = [entry({ purpose: 'of-a-newer-version' }), entry({ key: 'x' })];
    expect(() => loadKeyring({ keys })).toThrow(/"keys",\s*1,\s*"key"/);
  });

  it('tells all faults at once', () => {
    const { error } = keyringFileSchema.safeParse({ keys: [entry({ id: '' }), entry({ key: 'x' })] });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual(['keys.0.id', 'keys.1.key', 'keys']);
  });

  it('shows no secret to a log', () => {
    const file = newKeyring();
    const keyring = loadKeyring(file);
    const shown =
      inspect(keyring, { depth: 9, showHidden: true }) + inspect(keyring.current('claim')) + JSON.stringify(keyring);
    for (const { key: secret } of file.keys) {
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
    }
  });
});

describe('completeKeyring', () => {
  it('adds the purposes that a keyring has none of, and leaves the rest', () => {
    const old = { keys: newKeyring().keys.filter(({ purpose }) => purpose !== 'client') };
    expect(() => loadKeyring(old).current('client')).toThrow('signet keyring complete');
    const complete = completeKeyring(old);
    expect(complete.keys.slice(0, -1)).toEqual(old.keys);
    expect(complete.keys.at(-1)).toMatchObject({ purpose: 'client' });
    expect(loadKeyring(complete).current('client').secret).toBeDefined();
    expect(completeKeyring(complete)).toEqual(complete);
  });
});

describe('extendKeyring', () => {
  const at = (time: string) => Date.parse(time);
  const old = keyringFileSchema.parse({ keys: [entry()] });

  it('adds a key that opens at once, and is what new things are made with from its time on', () => {
    const extended = extendKeyring(old, 'refresh', new Date('2026-03-01T00:00:00Z'), {
      createdAt: new Date('2026-02-01T00:00:00Z'),
    });
    const id = extended.keys[1]?.id ?? '';
    const before = loadKeyring(extended, () => at('2026-02-28T23:59:59Z'));
    expect(before.current('refresh').id).toBe('a');
    expect(before.byId('refresh', id)).toBeDefined();
    const clock = { now: at('2026-02-28T23:59:59Z') };
    const running = loadKeyring(extended, () => clock.now).restrictTo(['refresh']);
    expect(running.current('refresh').id).toBe('a');
    clock.now = at('2026-03-01T00:00:00Z');
    expect(running.current('refresh').id).toBe(id);
  });

  it('has an id that can be given to a command, whatever was drawn', () => {
    const random = { bytes: (length: number) => new Uint8Array(length).fill(0xfb) };
    expect(extendKeyring(old, 'refresh', new Date(), { random }).keys[1]?.id).toMatch(/^[a-z0-9]+$/);
  });

  it('has no third: one of the two goes first', () => {
    const two = extendKeyring(old, 'refresh', new Date('2026-03-01T00:00:00Z'));
    const three = extendKeyring(two, 'refresh', new Date('2026-04-01T00:00:00Z'));
    expect(keyringFileSchema.safeParse(two).success).toBe(true);
    expect(keyringFileSchema.safeParse(three).error?.issues[0]?.message).toBe(
      'more than 2 keys of the purpose refresh',
    );
  });

  it('gives the only key, though its time has not come', () => {
    const future = { keys: [entry({ usedFrom: '2027-01-01T00:00:00Z' })] };
    expect(loadKeyring(future, () => at('2026-02-01T00:00:00Z')).current('refresh').id).toBe('a');
  });
});

describe('mac', () => {
  const keyring = loadKeyring({ keys: [entry(), entry({ id: 'b', createdAt: '2026-02-01T00:00:00Z' })] });

  it('is HMAC-SHA-256', () => {
    // Python: hmac.new(b'\\x01' * 32, b'message', hashlib.sha256)
    expect(mac(keyring, 'refresh', 'a', 'message')).toBe('dJJ9xgjxpXBt0MtBulZBZxjHqi9s9JQMngh0XgWlbgg');
    expect(mac(keyring, 'refresh', 'a', 'message')).toBe(mac(keyring, 'refresh', 'b', 'message'));
    expect(mac(keyring, 'refresh', 'a', 'message')).not.toBe(mac(keyring, 'refresh', 'a', 'massage'));
  });

  it('is nothing under a key that is not there', () => {
    expect(mac(keyring, 'refresh', 'c', 'message')).toBeUndefined();
    expect(mac(keyring, 'claim', 'a', 'message')).toBeUndefined();
  });

  it('serves refresh tokens by the current key', () => {
    const port = refreshMac(keyring);
    expect(port.currentKeyId()).toBe('b');
    expect(port.compute('a', 'message')).toBe(mac(keyring, 'refresh', 'a', 'message'));
  });
});
