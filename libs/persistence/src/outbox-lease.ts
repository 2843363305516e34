import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionSettings } from './connection-settings.js';

/**
 * The right to be a service's relay: an advisory lock of a session of its own, gone with that session. Two relays for a moment,
 * after a partition, do no harm: audit stores an event once.
 */
export interface OutboxLease {
  /** Fires when the lease is over, through release() or because its connection broke. Ask for another then. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const retryMilliseconds = 500;
const heartbeatMilliseconds = 5_000;

export async function leaseOutbox(url: string, service: string, signal?: AbortSignal): Promise<OutboxLease> {
  for (;;) {
    signal?.throwIfAborted();
    const lease = await tryLease(url, service, signal);
    if (lease) return lease;
    await pause(signal);
  }
}

/** Resolves to undefined if the connection fails; otherwise holds it until the lock is free. */
async function tryLease(url: string, service: string, signal?: AbortSignal): Promise<OutboxLease | undefined> {
  const client = new pg.Client(connectionSettings(url, service));
  const lost = new AbortController();
  const lose = () => {
    lost.abort();
  };
  client.on('error', lose);
  client.on('end', lose);
  const end = async () => {
    lose();
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    while (!(await tryLock(client, service))) await pause(signal);
  } catch (error) {
    await end();
    if (signal?.aborted) throw error;
    return undefined;
  }
  // A server that is gone without a word is noticed by asking it.
  const heartbeat = setInterval(() => void client.query('select').catch(end), heartbeatMilliseconds).unref();
  lost.signal.addEventListener('abort', () => {
    clearInterval(heartbeat);
  });
  return { lost: lost.signal, release: end };
}

async function tryLock(client: pg.Client, service: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
    [`signet relay ${service}`],
  );
  return rows[0]?.locked === true;
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return sleep(retryMilliseconds, undefined, { ref: false, ...(signal && { signal }) });
}
