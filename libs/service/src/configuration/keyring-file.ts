import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadKeyring, type Keyring } from '@signet/keys';

/** Where a keyring is: a file or directory, or its text. */
export type KeyringSource = { readonly path: string } | { readonly json: string };

/** Throws with names and paths, never with a key. */
export function keyringFrom(source: KeyringSource): Keyring {
  return 'path' in source ? readKeyring(source.path) : loadKeyring({ keys: keysIn(source.json, 'the text') });
}

/**
 * The keyring at `path`: one file, or a directory as a mounted Secret is one, all of whose *.json are read together.
 * Throws with names and paths, never with a key.
 */
export function readKeyring(path: string): Keyring {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        // A mounted Secret has its versions beside it, under names that begin with two dots.
        .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0) throw new Error(`${path} holds no *.json`);
  return loadKeyring({ keys: files.flatMap(keysOf) });
}

const keysOf = (file: string): unknown[] => keysIn(readFileSync(file, 'utf8'), file);

function keysIn(text: string, where: string): unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // A syntax error quotes what it stumbled over.
    if (error instanceof SyntaxError) throw new Error(`${where} is not JSON`);
    throw error;
  }
  const keys = typeof json === 'object' && json !== null && 'keys' in json ? json.keys : undefined;
  if (!Array.isArray(keys)) throw new Error(`${where} has no list of keys`);
  return keys as unknown[];
}
