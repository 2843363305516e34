import { readFile } from 'node:fs/promises';
import { modeOf } from '@signet/service';
import { CommandFailed } from '../command.js';
import { describeFaults, readSignetFile, type NamedLists } from './read.js';
import { productionFaults } from './published-secrets.js';
import type { SignetFile } from './schema.js';
import { sizeFaults } from './size.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The signet.yaml at `path` (else SIGNET_CONFIG, else ./signet.yaml), for where `issuer` is served; fails with all its faults. */
export async function loadSignetFile(
  path: string | undefined,
  environment: Environment,
  issuer: string | undefined,
): Promise<{ path: string; file: SignetFile; lists: NamedLists }> {
  const production = issuer !== undefined && modeOf(validUrl(issuer)) === 'production';
  const from = path ?? environment['SIGNET_CONFIG'] ?? 'signet.yaml';
  const source = await readFile(from, 'utf8').catch((error: unknown) => {
    throw new CommandFailed(`${from} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const reading = readSignetFile(source, environment);
  const faults = reading.ok
    ? [...(production ? productionFaults(reading.file) : []), ...sizeFaults(reading.file)]
    : reading.faults;
  if (!reading.ok || faults.length > 0) {
    throw new CommandFailed(`${from} has ${faults.length} faults:\n${describeFaults(from, faults)}`);
  }
  return { path: from, file: reading.file, lists: reading.lists };
}

function validUrl(issuer: string): string {
  if (URL.canParse(issuer)) return issuer;
  throw new CommandFailed('SIGNET_ISSUER must be an absolute URL');
}
