import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyringFileSchema, newKeyring, wrappedKeyringSchema, type KeyringFile } from '@signet/keys';
import { keyManagement, keyManagementSettings, openKeyringText } from '@signet/service';
import { LoopbackVault } from '@signet/testing';
import { keyringOf } from '../keyring-files.js';
import { keyringAdd, keyringComplete, keyringCreate, keyringRemove, keyringWrap } from './keyring.js';

const kms = 'vault:transit/signet';

let directory: string;
let file: string;
let vault: LoopbackVault;
let environment: Record<string, string>;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-keyring-wrap-'));
  file = path.join(directory, 'keyring.json');
  vault = new LoopbackVault();
  vault.tokens.add('hvs.swordfish');
  for (const key of ['transit/signet', 'transit/next']) vault.makeKey(key);
  await vault.start();
  const tokenFile = path.join(directory, 'token');
  writeFileSync(tokenFile, 'hvs.swordfish');
  environment = { VAULT_ADDR: vault.origin, SIGNET_KMS_VAULT_TOKEN_FILE: tokenFile };
});
afterEach(async () => {
  await vault.stop();
  rmSync(directory, { recursive: true });
});

async function said(command: typeof keyringWrap, ...options: string[]): Promise<string[]> {
  const lines: string[] = [];
  await command.run(['--file', file, ...options], { environment, out: (line) => void lines.push(line) });
  return lines;
}
const wrappedBy = () => wrappedKeyringSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).wrapped_by;
async function opened(): Promise<KeyringFile> {
  const management = keyManagement(keyManagementSettings(environment));
  return (await openKeyringText(readFileSync(file, 'utf8'), file, management)).keyring;
}
const requests = () => vault.requests.map(({ path: asked }) => asked.replace('/v1/transit/', ''));

describe('signet keyring create --kms', () => {
  it('writes a keyring that was never plain on a disk, and asks for nothing where it may not write', async () => {
    expect(await said(keyringCreate, '--kms', kms)).toEqual([`${file}: a new keyring, wrapped by ${kms}`]);
    expect([wrappedBy(), statSync(file).mode & 0o777]).toEqual([kms, 0o600]);
    expect(new Set((await opened()).keys.map(({ purpose }) => purpose)).size).toBeGreaterThan(9);
    const text = readFileSync(file, 'utf8');
    for (const { key } of (await opened()).keys) expect(text).not.toContain(key);
    const before = requests();
    await expect(said(keyringCreate, '--kms', kms)).rejects.toThrow(/cannot be written: EEXIST/);
    expect(requests()).toEqual(before);
  });

  it('leaves nothing behind where the key management service denies it', async () => {
    vault.denied.add('/v1/transit/encrypt/signet');
    await expect(said(keyringCreate, '--kms', kms)).rejects.toThrow(/^nothing was written: Vault at .* denies/);
    expect(readdirSync(directory)).toEqual(['token']);
  });
});

describe('signet keyring wrap', () => {
  const plain = newKeyring();
  beforeEach(() => {
    writeFileSync(file, JSON.stringify(plain), { mode: 0o644 });
  });

  it('takes the place of the plain file, for its owner alone', async () => {
    expect(await said(keyringWrap, '--kms', kms)).toEqual([`${file}: wrapped by ${kms}`]);
    expect([wrappedBy(), statSync(file).mode & 0o777]).toEqual([kms, 0o600]);
    expect(await opened()).toEqual(plain);
    expect(readdirSync(directory).sort()).toEqual(['keyring.json', 'token']);
  });

  it('writes beside it with --out, and says what is plain still', async () => {
    const target = path.join(directory, 'wrapped.json');
    expect(await said(keyringWrap, '--kms', kms, '--out', target)).toEqual([
      `${target}: wrapped by ${kms}`,
      `${file}: plain still, and to be deleted once nobody needs it`,
    ]);
    expect(keyringFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))).toEqual(plain);
    await expect(said(keyringWrap, '--kms', kms, '--out', target)).rejects.toThrow(/EEXIST/);
  });

  it('wraps anew by another key, and leaves the file where that key is not to be had', async () => {
    await said(keyringWrap, '--kms', kms);
    await said(keyringWrap, '--kms', 'vault:transit/next');
    expect([wrappedBy(), await opened()]).toEqual(['vault:transit/next', plain]);
    const before = readFileSync(file, 'utf8');
    await expect(said(keyringWrap, '--kms', 'vault:transit/none')).rejects.toThrow(/^nothing was written/);
    await expect(said(keyringWrap, '--kms', 'signet')).rejects.toThrow(/a key is named as vault:/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('a wrapped keyring', () => {
  it('is changed by add, remove and complete, and stays wrapped by the same key', async () => {
    writeFileSync(file, JSON.stringify({ keys: newKeyring().keys.filter(({ purpose }) => purpose !== 'dpop') }));
    await said(keyringWrap, '--kms', kms);
    expect(await said(keyringComplete)).toEqual([`${file}: added dpop`]);
    await said(keyringAdd, '--purpose', 'form', '--in', '0s');
    const ofForms = (await opened()).keys.filter(({ purpose }) => purpose === 'form');
    expect(ofForms).toHaveLength(2);
    await said(keyringRemove, '--purpose', 'form', '--id', ofForms[0]?.id ?? '');
    expect((await opened()).keys.filter(({ purpose }) => purpose === 'form')).toEqual([ofForms[1]]);
    expect([wrappedBy(), statSync(file).mode & 0o777]).toEqual([kms, 0o600]);
    const count = (await opened()).keys.length;
    const context = { environment: { ...environment, SIGNET_KEYRING: file }, out: () => undefined };
    expect((await keyringOf(context)).all('form')).toHaveLength(1);
    expect(count).toBe(newKeyring().keys.length);
  });

  it('is not changed where it does not open, and the reason is told', async () => {
    await said(keyringCreate, '--kms', kms);
    const before = readFileSync(file, 'utf8');
    vault.denied.add('/v1/transit/decrypt/signet');
    const failure = await said(keyringAdd, '--purpose', 'form').catch(String);
    expect(failure).toMatch(
      /keyring\.json cannot be read: it does not open: Vault at .* denies transit\/decrypt\/signet/,
    );
    expect(failure).not.toContain('hvs.');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('the keyring of a command', () => {
  const idOf = async (environment: Record<string, string>) => (await keyringOf({ environment })).current('form').id;

  it('is the one that is named, else that of the quick start', async () => {
    const [named, ofQuickStart] = [newKeyring(), newKeyring()];
    const id = ({ keys }: KeyringFile) => keys.find(({ purpose }) => purpose === 'form')?.id;
    writeFileSync(file, JSON.stringify(ofQuickStart));
    const elsewhere = path.join(directory, 'elsewhere.json');
    writeFileSync(elsewhere, JSON.stringify(named));
    expect(await idOf({ SIGNET_DATA: directory })).toBe(id(ofQuickStart));
    expect(await idOf({ SIGNET_DATA: directory, SIGNET_KEYRING: elsewhere })).toBe(id(named));
    expect(await idOf({ SIGNET_DATA: directory, SIGNET_KEYRING_JSON: JSON.stringify(named) })).toBe(id(named));
    await expect(idOf({ SIGNET_KEYRING: file, SIGNET_KEYRING_JSON: '{}' })).rejects.toThrow('must not be set beside');
    await expect(idOf({ SIGNET_DATA: '/nonexistent' })).rejects.toThrow('set SIGNET_KEYRING');
    await expect(idOf({ SIGNET_KEYRING_JSON: 'swordfish' })).rejects.toThrow(
      /^the keyring cannot be read: the text is not JSON$/,
    );
  });
});
