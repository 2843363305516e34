import type { Keyring } from '@signet/keys';
import type { ReceivedEvent } from '@signet/messaging';
import { openPersonalPart, readPersonalPart } from '@signet/service';
import { z } from 'zod';

/**
 * An event's personal part: salt and JSON, of which its leaf has the digest. `sealed`: under a key that this process does not have, or
 * not yet. `unfit`: opened, and not what the leaf speaks of.
 */
export type ReceivedPart = { readonly bytes: Uint8Array } | 'none' | 'sealed' | 'unfit';

export function receivedPart(keyring: Keyring, { id, personal, envelope }: ReceivedEvent): ReceivedPart {
  if (!personal) return 'none';
  const opened = openPersonalPart(keyring, personal, id);
  if (!opened) return 'sealed';
  return opened.digest === envelope.personaldigest ? { bytes: opened.bytes } : 'unfit';
}

const withNetwork = z.object({ network: z.object({ ip: z.string() }) });

/** The address that an event came from, where its personal part tells one. */
export function networkIn(bytes: Uint8Array): string | undefined {
  try {
    return withNetwork.safeParse(readPersonalPart(bytes)).data?.network.ip;
  } catch {
    // Not JSON: whoever asks to have it opened is told.
    return undefined;
  }
}
