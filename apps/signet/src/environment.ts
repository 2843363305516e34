import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const saved = z.record(z.string(), z.string());

/**
 * The environment of a command: what the caller set, and where that says nothing of a database or NATS, what a running quick start left in
 * `<SIGNET_DATA>/environment.json` (readable by its owner alone).
 */
export function commandEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  try {
    const file = join(environment['SIGNET_DATA'] ?? '.data', 'environment.json');
    return { ...saved.parse(JSON.parse(readFileSync(file, 'utf8'))), ...environment };
  } catch {
    return environment;
  }
}
