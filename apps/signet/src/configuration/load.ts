import { readFile } from 'node:fs/promises';
import { CommandFailed } from '../command.js';
import { describeFaults, readSignetFile } from './read.js';
import { productionFaults } from './published-secrets.js';
import type { SignetFile } from './schema.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The signet.yaml at `path` (else SIGNET_CONFIG, else ./signet.yaml); fails with all its faults. */
export async function loadSignetFile(
  path: string | undefined,
  environment: Environment,
  production = false,
): Promise<{ path: string; file: SignetFile }> {
  const from = path ?? environment['SIGNET_CONFIG'] ?? 'signet.yaml';
  const source = await readFile(from, 'utf8').catch((error: unknown) => {
    throw new CommandFailed(`${from} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const reading = readSignetFile(source, environment);
  const faults = reading.ok ? (production ? productionFaults(reading.file) : []) : reading.faults;
  if (!reading.ok || faults.length > 0) {
    throw new CommandFailed(`${from} has ${faults.length} faults:\n${describeFaults(from, faults)}`);
  }
  return { path: from, file: reading.file };
}
