import { setTimeout as pause } from 'node:timers/promises';
import type { Keyring } from '@signet/keys';
import { openKeyring, type KeyringSource } from '../configuration/keyring-file.js';
import { KeyManagementFailure } from '../key-management/failure.js';
import type { OpenKeyManagement } from '../key-management/key-management.js';
import type { ServiceLogger } from '../observability/service-logger.js';

/** A keyring that will not open by waiting. `setting`: what names it. */
export class KeyringUnusable extends Error {
  override readonly name = 'KeyringUnusable';

  constructor(
    readonly setting: 'SIGNET_KEYRING' | 'SIGNET_KEYRING_JSON',
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : 'cannot be read', { cause });
  }
}

export interface KeyringOpening {
  readonly source: KeyringSource;
  readonly management: OpenKeyManagement;
  /** Seconds for which a key management service that is away is waited for. */
  readonly patience: number;
  readonly logger: Pick<ServiceLogger, 'warn'>;
  /** Gives up waiting. */
  readonly signal: AbortSignal;
  /** Milliseconds before the first repeat; the others come later and later. */
  readonly firstPause?: number;
}

const longestPause = 10_000;

/** The keyring. Rejects with KeyringUnusable for what waiting does not mend; with the last failure where the patience has run out. */
export async function openedKeyring(opening: KeyringOpening): Promise<Keyring> {
  const { source, management, patience, logger, signal, firstPause = 500 } = opening;
  const end = performance.now() + patience * 1_000;
  for (let wait = firstPause; ; wait = Math.min(2 * wait, longestPause)) {
    try {
      return await openKeyring(source, management);
    } catch (error) {
      if (!(error instanceof KeyManagementFailure) || !error.passes)
        throw new KeyringUnusable('path' in source ? 'SIGNET_KEYRING' : 'SIGNET_KEYRING_JSON', error);
      if (performance.now() + wait > end || signal.aborted) throw error;
      logger.warn('keyring.waiting', { reason: error.message });
      await pause(wait, undefined, { signal });
    }
  }
}
