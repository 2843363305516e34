import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wrapKeyring, type Keyring, type KeyringFile } from '@signet/keys';
import {
  keyManagement,
  keyManagementSettings,
  openKeyring,
  openKeyringText,
  type KeyringSource,
  type OpenedKeyringFile,
  type OpenKeyManagement,
} from '@signet/service';
import { CommandFailed, required, type CommandContext } from './command.js';

type Environment = CommandContext['environment'];

/** A keyring file as a command reads, changes and writes it: plain, or wrapped by the key management service that the environment leads to. */
export class KeyringFiles {
  readonly #management: OpenKeyManagement;

  constructor(environment: Environment) {
    this.#management = managementOf(environment);
  }

  async read(file: string): Promise<OpenedKeyringFile> {
    try {
      return await openKeyringText(await readFile(file, 'utf8'), 'it', this.#management);
    } catch (error) {
      throw new CommandFailed(`${file} cannot be read: ${reasonOf(error)}`);
    }
  }

  /** Whole beside it first: a crash leaves the old keyring or the new one. */
  async replace(file: string, opened: OpenedKeyringFile): Promise<void> {
    const text = await this.#text(opened);
    const beside = `${file}.new`;
    await rm(beside, { force: true });
    await this.#write(beside, text);
    await rename(beside, file);
  }

  /** Never over another. */
  async create(file: string, opened: OpenedKeyringFile): Promise<void> {
    // First, so that nothing is wrapped in vain.
    if (existsSync(file)) throw new CommandFailed(`${file} cannot be written: EEXIST, it is there already`);
    await this.#write(file, await this.#text(opened));
  }

  async #write(file: string, text: string): Promise<void> {
    try {
      await writeFile(file, text, { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      throw new CommandFailed(`${file} cannot be written: ${reasonOf(error)}`);
    }
  }

  async #text({ keyring, wrappedBy }: OpenedKeyringFile): Promise<string> {
    const content = wrappedBy === undefined ? keyring : await this.#wrapped(keyring, wrappedBy);
    return `${JSON.stringify(content, undefined, 2)}\n`;
  }

  async #wrapped(keyring: KeyringFile, name: string): Promise<unknown> {
    try {
      return await wrapKeyring(keyring, name, this.#management(name));
    } catch (error) {
      throw new CommandFailed(`nothing was written: ${reasonOf(error)}`);
    }
  }
}

/** The keyring that services have, for a command: SIGNET_KEYRING or SIGNET_KEYRING_JSON, else that of the quick start. */
export async function keyringOf(context: Pick<CommandContext, 'environment'>): Promise<Keyring> {
  try {
    return await openKeyring(keyringSource(context), managementOf(context.environment));
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(`the keyring cannot be read: ${reasonOf(error)}`);
  }
}

/** Where that keyring is. */
export function keyringSource(context: Pick<CommandContext, 'environment'>): KeyringSource {
  const { SIGNET_KEYRING: path, SIGNET_KEYRING_JSON: json, SIGNET_DATA: data } = context.environment;
  if (path && json) throw new CommandFailed('SIGNET_KEYRING_JSON must not be set beside SIGNET_KEYRING');
  if (json) return { json };
  const ofQuickStart = join(data || '.data', 'keyring.json');
  if (!path && existsSync(ofQuickStart)) return { path: ofQuickStart };
  return { path: required(context, 'SIGNET_KEYRING', 'the keyring, a file or a directory') };
}

function managementOf(environment: Environment): OpenKeyManagement {
  return (name) => keyManagement(keyManagementSettings(environment))(name);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
