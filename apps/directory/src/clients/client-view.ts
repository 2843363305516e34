import type { Client } from '@signet/protocol';
import type { View } from '../changes/difference.js';

/** Members that an event names and does not tell: secrets, and who is to be reached. */
export const concealedMembers: readonly string[] = ['secretHashes', 'contacts'];

/** What names a client and its version, or is read beside it: no members of its own. */
const naming: ReadonlySet<string> = new Set(['clientId', 'tenantId', 'version', 'shownLogos', 'authority']);

/** A client as an event tells of it: each member by its own name. */
export const viewOfClient = (client: Client): View =>
  Object.fromEntries(Object.entries(client).filter(([name]) => !naming.has(name)));
