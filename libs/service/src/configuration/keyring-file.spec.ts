import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newKeyring, wrapKeyring } from '@signet/keys';
import { KeyManagementFailure } from '../key-management/failure.js';
import type { OpenKeyManagement } from '../key-management/key-management.js';
import { openKeyring, openKeyringText } from './keyring-file.js';

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

const nobody: OpenKeyManagement = (name) => {
  throw new KeyManagementFailure('denied', `${name} must not be asked`);
};
/** Gives each data key back as it came. */
const trusting: OpenKeyManagement = () => ({
  wrap: (dataKey) => Promise.resolve(Buffer.from(dataKey).toString('hex')),
  unwrap: (wrapped) => Promise.resolve(Buffer.from(wrapped, 'hex')),
});
const at = (path: string, management = nobody) => openKeyring({ path }, management);

describe('openKeyring', () => {
  const { keys } = newKeyring();
  const form = keys.find(({ purpose }) => purpose === 'form')?.id;

  it('takes the text itself, and quotes nothing of it', async () => {
    const of = (json: string) => openKeyring({ json }, nobody);
    expect((await of(JSON.stringify({ keys }))).current('form').id).toBe(form);
    await expect(of('{"keys":[swordfish')).rejects.toThrow(/^the text is not JSON$/);
    await expect(of('{"key":"swordfish"}')).rejects.toThrow(/^the text has no list of keys$/);
  });

  it('leaves alone what a newer version has added, which whoever changes it must not', async () => {
    const [first, ...others] = keys;
    const newer = { keys: [{ ...first, note: 'x' }, ...others, { id: 'n1', purpose: 'of-a-newer-version' }] };
    const plain = JSON.stringify(newer);
    const wrapped = JSON.stringify(await wrapKeyring(newer as never, 'k', trusting('k')));
    for (const json of [plain, wrapped]) {
      expect((await openKeyring({ json }, trusting)).current('form').id).toBe(form);
      await expect(openKeyringText(json, 'it', trusting)).rejects.toThrow();
    }
  });

  it('reads a file', async () => {
    expect((await at(write('keyring.json', { keys }))).current('form').id).toBe(form);
  });

  it('reads a directory as one, leaving out what a mounted Secret has beside it', async () => {
    write('form.json', { keys: keys.filter(({ purpose }) => purpose === 'form') });
    write('event.json', { keys: keys.filter(({ purpose }) => purpose === 'event') });
    mkdirSync(join(directory, '..2026_11_23'));
    write('.hidden.json', 'x');
    write('README', 'x');
    const keyring = await at(directory);
    expect(keyring.current('form').purpose).toBe('form');
    expect(keyring.current('event').purpose).toBe('event');
    expect(() => keyring.current('refresh')).toThrow();
  });

  it('quotes nothing of what it cannot read', async () => {
    await expect(at(write('keyring.json', '{"keys":[swordfish'))).rejects.toThrow(/keyring\.json is not JSON$/);
    await expect(at(write('keyring.json', { key: 'swordfish' }))).rejects.toThrow(/has no list of keys$/);
    await expect(at(join(directory, 'none.json'))).rejects.toThrow(/ENOENT/);
    rmSync(join(directory, 'keyring.json'));
    await expect(at(directory)).rejects.toThrow(/holds no \*\.json/);
  });

  it('opens what is wrapped by who wrapped it, beside what is not', async () => {
    const [of, others] = [keys.filter(({ id }) => id === form), keys.filter(({ id }) => id !== form)];
    write('form.json', await wrapKeyring({ keys: of }, 'vault:transit/signet', trusting('')));
    write('others.json', { keys: others });
    const asked: string[] = [];
    const keyring = await at(directory, (name) => {
      asked.push(name);
      return trusting(name);
    });
    expect(asked).toEqual(['vault:transit/signet']);
    expect([keyring.current('form').id, keyring.current('event').purpose]).toEqual([form, 'event']);
  });

  it('says which file does not open and why, and whose fault it is', async () => {
    const wrapped = await wrapKeyring({ keys }, 'vault:transit/signet', trusting(''));
    const file = write('keyring.json', wrapped);
    const failure = await at(file).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KeyManagementFailure);
    expect(failure).toMatchObject({
      fault: 'denied',
      message: `${file} does not open: vault:transit/signet must not be asked`,
    });
    write('keyring.json', { ...wrapped, swordfish: 1 });
    await expect(at(file, trusting)).rejects.toThrow(/keyring\.json is no wrapped keyring/);
    const other = await wrapKeyring(newKeyring(), 'vault:transit/signet', trusting(''));
    write('keyring.json', { ...wrapped, ciphertext: other.ciphertext });
    await expect(at(file, trusting)).rejects.toThrow(/keyring\.json was changed after it was wrapped/);
  });
});
