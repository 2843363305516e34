import { createHash } from 'node:crypto';
import type { Network, TenantId } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import { networkKey, type Guessing, type Rate } from '@signet/service';
import { takeGuesses, type Guess } from './guess-bucket.js';

export interface Guesser {
  readonly tenantId: TenantId;
  /** What the directory compares identifiers by, or other spellings would have buckets of their own; whether there is such an account makes no difference. */
  readonly identifierKey: string;
  /** Of a device that has signed in to this account before: it has a bucket of its own, so that strangers cannot lock it out. */
  readonly deviceId: string | undefined;
  readonly network: Network;
}

export type GuessTaken = { readonly allowed: true } | { readonly allowed: false; readonly retryAfter: number };

const hash = (...parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest();

const limited = (bucket: Pick<Guess, 'kind' | 'key'>, rate: Rate | undefined): Guess[] =>
  rate ? [{ ...bucket, rate }] : [];

/** Slows the guessing of passwords, per account and per network, and of user codes, per session and per network, across replicas. */
export class GuessLimits {
  constructor(
    private readonly database: Database,
    private readonly rates: Guessing,
  ) {}

  /** The buckets that a guess draws from, its network's first; none for what is not limited. */
  bucketsOf({ identifierKey, deviceId, network }: Guesser): readonly Guess[] {
    const whose =
      deviceId === undefined
        ? { kind: 'account' as const, key: hash('account', identifierKey) }
        : { kind: 'device' as const, key: hash('device', identifierKey, deviceId) };
    return [
      ...limited({ kind: 'network', key: hash('network', networkKey(network.ip)) }, this.rates.network),
      ...limited(whose, this.rates.account),
    ];
  }

  /** The buckets that a guess at a user code draws from (RFC 8628 section 5.1). */
  userCodeBuckets({
    session,
    network,
  }: {
    readonly session: string | undefined;
    readonly network: Network;
  }): readonly Guess[] {
    const rate = this.rates.usercode;
    const ofSession = { kind: 'user_code_session' as const, key: hash('user_code_session', session ?? '') };
    const ofNetwork = { kind: 'user_code_network' as const, key: hash('user_code_network', networkKey(network.ip)) };
    return [...limited(ofNetwork, rate), ...(session === undefined ? [] : limited(ofSession, rate))];
  }

  /** The buckets that a guess at the set-up code draws from. */
  setupCodeBuckets(network: Network): readonly Guess[] {
    const bucket = { kind: 'setup_code_network' as const, key: hash('setup_code_network', networkKey(network.ip)) };
    return limited(bucket, this.rates.usercode);
  }

  /**
   * Takes one guess from each of `buckets`; `retryAfter` in seconds where one is empty. A network that may guess no more empties nobody else's bucket:
   * where the first is empty, the others are left as they are.
   */
  async take(tenantId: TenantId, buckets: readonly Guess[]): Promise<GuessTaken> {
    if (buckets.length === 0) return { allowed: true };
    const taken = await this.database.execute(takeGuesses, { tenantId, guesses: buckets });
    const waits = taken
      .filter(({ allowed }) => !allowed)
      .map(({ kind, tokens }) => {
        const rate = buckets.find((bucket) => bucket.kind === kind)?.rate;
        return rate ? ((1 - tokens) * rate.seconds) / rate.count : 0;
      });
    return waits.length === 0
      ? { allowed: true }
      : { allowed: false, retryAfter: Math.max(1, Math.ceil(Math.max(...waits))) };
  }
}
