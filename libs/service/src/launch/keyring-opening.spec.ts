import { describe, expect, it } from '@jest/globals';
import { newKeyring, wrapKeyring, type KeyManagement } from '@signet/keys';
import { KeyManagementFailure, type KeyManagementFault } from '../key-management/failure.js';
import { KeyringUnusable, openedKeyring } from './keyring-opening.js';

/** Answers after so many failures of a kind. */
class Failing implements KeyManagement {
  asked = 0;
  constructor(
    private readonly failures: number,
    private readonly fault: KeyManagementFault = 'unreachable',
  ) {}

  wrap(dataKey: Uint8Array): Promise<string> {
    return Promise.resolve(Buffer.from(dataKey).toString('hex'));
  }
  unwrap(wrapped: string): Promise<Uint8Array> {
    this.asked += 1;
    if (this.asked <= this.failures) return Promise.reject(new KeyManagementFailure(this.fault, 'mend it'));
    return Promise.resolve(Buffer.from(wrapped, 'hex'));
  }
}

const keyring = newKeyring();
async function opening(management: Failing, patience: number, signal = new AbortController().signal) {
  const told: unknown[] = [];
  const logger = { warn: (event: string, fields?: object) => void told.push({ event, ...fields }) };
  const json = JSON.stringify(await wrapKeyring(keyring, 'vault:transit/signet', management));
  const source = { json };
  const opened = openedKeyring({ source, management: () => management, patience, logger, signal, firstPause: 10 });
  return { told, opened };
}

describe('a keyring at the start', () => {
  it('waits for a service that is away, and says so each time', async () => {
    const { told, opened } = await opening(new Failing(2), 30);
    expect((await opened).current('form').id).toBe(keyring.keys.find(({ purpose }) => purpose === 'form')?.id);
    expect(told).toEqual(Array(2).fill({ event: 'keyring.waiting', reason: 'the text does not open: mend it' }));
  });

  it('waits no longer than its patience, and then says why', async () => {
    const management = new Failing(1_000);
    const { opened } = await opening(management, 0.2);
    await expect(opened).rejects.toThrow('mend it');
    await expect(opened).rejects.not.toBeInstanceOf(KeyringUnusable);
    expect(management.asked).toBeGreaterThan(2);
  });

  it.each<KeyManagementFault>(['denied', 'expired', 'unknown_key', 'foreign', 'settings', 'answer'])(
    'does not wait where it is %s',
    async (fault) => {
      const management = new Failing(1, fault);
      const { told, opened } = await opening(management, 30);
      await expect(opened).rejects.toMatchObject({ name: 'KeyringUnusable', setting: 'SIGNET_KEYRING_JSON' });
      expect([management.asked, told]).toEqual([1, []]);
    },
  );

  it('gives up at a signal', async () => {
    const stop = new AbortController();
    const { opened } = await opening(new Failing(1_000), 300, stop.signal);
    stop.abort();
    await expect(opened).rejects.toThrow();
  });
});
