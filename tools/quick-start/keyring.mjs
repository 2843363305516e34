import { existsSync } from 'node:fs';
import path from 'node:path';

import { readIfThere, writePrivate } from '../private-file.mjs';
import { step } from '../steps.mjs';
import { digestOf, signet } from './signet-command.mjs';

/** The keyring in the data directory: made at the first start, completed after an update that has a new purpose for keys. */
export async function ownKeyring(data) {
  const file = path.join(data, 'keyring.json');
  const marker = path.join(data, 'keyring.digest');
  const digest = digestOf(['keys'], {});
  const exists = existsSync(file);
  if (exists && readIfThere(marker) === digest) return file;
  const [what, verb] = exists ? ['completing the keyring', 'complete'] : ['making a keyring', 'create'];
  await step(what, () => signet(['keyring', verb, '--file', file], {}));
  writePrivate(marker, digest);
  return file;
}
