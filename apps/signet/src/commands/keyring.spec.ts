import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { keyringFileSchema, loadKeyring, newKeyring } from '@signet/keys';
import { keyringAdd, keyringComplete, keyringCreate, keyringRemove } from './keyring.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-keyring-command-'));
  file = path.join(directory, 'keyring.json');
});

async function said(command: typeof keyringComplete, ...options: string[]): Promise<string[]> {
  const lines: string[] = [];
  await command.run(['--file', file, ...options], { environment: {}, out: (line) => void lines.push(line) });
  return lines;
}
const written = () => keyringFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

describe('signet keyring create', () => {
  it('writes a whole keyring for its owner alone, and never over another', async () => {
    expect(await said(keyringCreate)).toEqual([`${file}: a new keyring`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = written();
    expect(loadKeyring(before).current('client').secret).toBeDefined();
    await expect(said(keyringCreate)).rejects.toThrow(/cannot be written: EEXIST/);
    expect(written()).toEqual(before);
  });
});

describe('signet keyring complete', () => {
  it('adds to an older keyring what it has no key for, and leaves its keys as they are', async () => {
    const older = newKeyring().keys.filter(({ purpose }) => purpose !== 'client' && purpose !== 'dpop');
    writeFileSync(file, JSON.stringify({ keys: older }), { mode: 0o600 });
    expect(await said(keyringComplete)).toEqual([`${file}: added client, dpop`]);
    expect(written().keys.slice(0, older.length)).toEqual(older);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = written();
    expect(await said(keyringComplete)).toEqual([`${file}: complete already`]);
    expect(written()).toEqual(before);
    expect(readdirSync(directory)).toEqual(['keyring.json']);
  });

  it('shows nothing of a file that is no keyring, and leaves it', async () => {
    for (const text of ['{"keys":[swordfish', '{"keys":[{"id":"a","purpose":"form","key":"swordfish"}]}']) {
      writeFileSync(file, text);
      const failure = await said(keyringComplete).catch(String);
      expect(failure).toContain('cannot be read');
      expect(failure).not.toContain('swordfish');
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });
});

describe('signet keyring add and remove', () => {
  const ofForms = () => written().keys.filter(({ purpose }) => purpose === 'form');

  it('adds the next key, used in an hour, and takes the older one out once it is not in use', async () => {
    await said(keyringCreate);
    const [old] = ofForms();
    await said(keyringAdd, '--purpose', 'form');
    const [, next] = ofForms();
    const wait = Date.parse(next?.usedFrom ?? '') - Date.parse(next?.createdAt ?? '');
    expect(Math.round(wait / 60_000)).toBe(60);
    const failure = said(keyringRemove, '--purpose', 'form', '--id', old?.id ?? '');
    await expect(failure).rejects.toThrow('is in use');
    await said(keyringRemove, '--purpose', 'form', '--id', next?.id ?? '');
    await said(keyringAdd, '--purpose', 'form', '--in', '0s');
    await said(keyringRemove, '--purpose', 'form', '--id', old?.id ?? '');
    expect(ofForms()).toHaveLength(1);
    expect(ofForms()[0]?.id).not.toBe(old?.id);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a third key', keyringAdd, ['--purpose', 'form'], 'signet keyring remove'],
    ['a purpose that is none', keyringAdd, ['--purpose', 'signing'], '--purpose is one of'],
    ['a time that is none', keyringAdd, ['--purpose', 'claim', '--in', 'soon'], '--in is a number'],
    ['a key that is not there', keyringRemove, ['--purpose', 'form', '--id', 'x'], 'has no key x'],
  ])('refuses %s, and leaves the file', async (_what, command, options, reason) => {
    await said(keyringCreate);
    await said(keyringAdd, '--purpose', 'form');
    const before = written();
    await expect(said(command, ...options)).rejects.toThrow(reason);
    expect(written()).toEqual(before);
  });
});
