import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { keyringFileSchema, loadKeyring, newKeyring } from '@signet/keys';
import { keyringComplete, keyringCreate } from './keyring.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-keyring-command-'));
  file = path.join(directory, 'keyring.json');
});

async function said(command: typeof keyringComplete): Promise<string[]> {
  const lines: string[] = [];
  await command.run(['--file', file], { environment: {}, out: (line) => void lines.push(line) });
  return lines;
}
const written = () => keyringFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

describe('signet keyring create', () => {
  it('writes a whole keyring for its owner alone, and never over another', async () => {
    expect(await said(keyringCreate)).toEqual([`${file}: a new keyring`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = written();
    expect(loadKeyring(before).current('client').secret).toBeDefined();
    await expect(said(keyringCreate)).rejects.toThrow(/cannot be written: .*EEXIST/);
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
