import { newId, planId } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { maxPayload } from '@signet/messaging';
import { declaredTenants } from './declare.js';
import type { Fault } from './read.js';
import type { SignetFile } from './schema.js';

/** What goes round a declaration: its plan and what is to be pruned, an issuer longer than the one that is assumed here. */
const room = 4_096;

/** A configuration goes to the directory in one message. */
export function sizeFaults(file: SignetFile): Fault[] {
  // Any keyring: what it seals is as long as by the right one.
  const tenants = declaredTenants(file, 'https://issuer.example', loadKeyring(newKeyring()));
  const size = Buffer.byteLength(JSON.stringify({ planId: newId(planId), tenants })) + room;
  if (size <= maxPayload) return [];
  const kib = (bytes: number) => `${Math.ceil(bytes / 1_024)} KiB`;
  const message = `declares ${kib(size)}, and a message to the directory has at most ${kib(maxPayload)}: divide its users over several files, and apply one after the other`;
  return [{ path: 'tenants', line: undefined, message }];
}
