import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newKeyring } from '@signet/keys';
import { keyringFrom, readKeyring } from './keyring-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signet-keyring-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const write = (name: string, content: unknown) => {
  const file = join(directory, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('keyringFrom', () => {
  it('takes the text itself, and quotes nothing of it', () => {
    const { keys } = newKeyring();
    const id = keys.find(({ purpose }) => purpose === 'form')?.id;
    expect(keyringFrom({ json: JSON.stringify({ keys }) }).current('form').id).toBe(id);
    expect(keyringFrom({ path: write('keyring.json', { keys }) }).current('form').id).toBe(id);
    expect(() => keyringFrom({ json: '{"keys":[swordfish' })).toThrow(/^the text is not JSON$/);
    expect(() => keyringFrom({ json: '{"key":"swordfish"}' })).toThrow(/^the text has no list of keys$/);
  });
});

describe('readKeyring', () => {
  it('reads a file', () => {
    const { keys } = newKeyring();
    expect(readKeyring(write('keyring.json', { keys })).current('form').id).toBe(
      keys.find(({ purpose }) => purpose === 'form')?.id,
    );
  });

  it('reads a directory as one, leaving out what a mounted Secret has beside it', () => {
    const { keys } = newKeyring();
    write('form.json', { keys: keys.filter(({ purpose }) => purpose === 'form') });
    write('event.json', { keys: keys.filter(({ purpose }) => purpose === 'event') });
    mkdirSync(join(directory, '..2026_11_23'));
    write('.hidden.json', 'x');
    write('README', 'x');
    const keyring = readKeyring(directory);
    expect(keyring.current('form').purpose).toBe('form');
    expect(keyring.current('event').purpose).toBe('event');
    expect(() => keyring.current('refresh')).toThrow();
  });

  it('quotes nothing of what it cannot read', () => {
    expect(() => readKeyring(write('keyring.json', '{"keys":[swordfish'))).toThrow(/keyring\.json is not JSON$/);
    expect(() => readKeyring(write('keyring.json', { key: 'swordfish' }))).toThrow(/has no list of keys$/);
    expect(() => readKeyring(join(directory, 'none.json'))).toThrow(/ENOENT/);
    rmSync(join(directory, 'keyring.json'));
    expect(() => readKeyring(directory)).toThrow(/holds no \*\.json/);
  });
});
