import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  isWrapped,
  keyringFileSchema,
  loadKeyring,
  unwrapKeyring,
  wrappedKeyringSchema,
  type Keyring,
  type KeyringFile,
} from '@signet/keys';
import { KeyManagementFailure } from '../key-management/failure.js';
import type { OpenKeyManagement } from '../key-management/key-management.js';

/** Where a keyring is: a file or directory, or its text. */
export type KeyringSource = { readonly path: string } | { readonly json: string };

/** One file of a keyring, opened. */
export interface OpenedKeyringFile {
  readonly keyring: KeyringFile;
  /** The key that its data key is wrapped under; absent where it is plain. */
  readonly wrappedBy: string | undefined;
}

/**
 * The keyring of a source: one file, or a directory as a mounted Secret is one, all of whose *.json are read together. What is wrapped is
 * opened by who wrapped it. Rejects with names and paths, never with a key; with a KeyManagementFailure where the service is at fault.
 */
export async function openKeyring(source: KeyringSource, management: OpenKeyManagement): Promise<Keyring> {
  const texts = 'path' in source ? textsAt(source.path) : [['the text', source.json] as const];
  const files = await Promise.all(texts.map(([where, text]) => opened(text, where, management)));
  return loadKeyring({ keys: files.flatMap(({ keys }) => keys) });
}

/** One file of a keyring out of its text, for whoever changes it: rejects what a newer version has added. `where` says which file, in errors. */
export async function openKeyringText(
  text: string,
  where: string,
  management: OpenKeyManagement,
): Promise<OpenedKeyringFile> {
  const { keys, wrappedBy } = await opened(text, where, management);
  return { keyring: keyringFileSchema.parse({ keys }), wrappedBy };
}

async function opened(
  text: string,
  where: string,
  management: OpenKeyManagement,
): Promise<Pick<OpenedKeyringFile, 'wrappedBy'> & { readonly keys: readonly unknown[] }> {
  const json = jsonOf(text, where);
  if (!isWrapped(json)) return { keys: keysOf(json, where), wrappedBy: undefined };
  const wrapped = wrappedKeyringSchema.safeParse(json);
  if (!wrapped.success) throw new Error(`${where} is no wrapped keyring: ${told(wrapped.error.issues)}`);
  const wrappedBy = wrapped.data.wrapped_by;
  try {
    return { keys: keysOf(await unwrapKeyring(wrapped.data, management(wrappedBy)), where), wrappedBy };
  } catch (error) {
    if (error instanceof KeyManagementFailure)
      throw new KeyManagementFailure(error.fault, `${where} does not open: ${error.message}`);
    throw new Error(`${where} ${error instanceof Error ? error.message : 'does not open'}`, { cause: error });
  }
}

function textsAt(path: string): (readonly [string, string])[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        // A mounted Secret has its versions beside it, under names that begin with two dots.
        .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0) throw new Error(`${path} holds no *.json`);
  return files.map((file) => [file, readFileSync(file, 'utf8')] as const);
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A syntax error quotes what it stumbled over.
    throw new Error(`${where} is not JSON`);
  }
}

function keysOf(json: unknown, where: string): readonly unknown[] {
  if (typeof json !== 'object' || json === null || !('keys' in json) || !Array.isArray(json.keys))
    throw new Error(`${where} has no list of keys`);
  return json.keys;
}

const told = (issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string =>
  issues.map(({ path, message }) => [path.join('.'), message].join(' ').trim()).join(', ');
