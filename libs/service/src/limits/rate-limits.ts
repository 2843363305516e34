import { BoundedMap } from '../bounded-map.js';

/** `count` at once, refilled evenly within `seconds`. */
export interface Rate {
  readonly count: number;
  readonly seconds: number;
}

export const buckets = ['network', 'client', 'tenant'] as const;
export type Bucket = (typeof buckets)[number];
/** Undefined: not limited. */
export type Rates = Readonly<Record<Bucket, Rate | undefined>>;

/** `retryAfter` in whole seconds. */
export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfter: number };

interface Level {
  tokens: number;
  /** Milliseconds, monotonic. */
  at: number;
}

/** Buckets kept per kind. One that is forgotten is full again, so an attacker gains nothing by crowding others out but their limit. */
const most = 50_000;

/** Token buckets in this replica's memory: a brake on floods, not a promise. What must hold is decided in Postgres. */
export class RateLimits {
  readonly #levels: Readonly<Record<Bucket, BoundedMap<string, Level>>>;

  /** `monotonic` gives milliseconds that never go back. */
  constructor(
    private readonly rates: Rates,
    private readonly monotonic: () => number = () => performance.now(),
    private readonly onRefused: (bucket: Bucket) => void = () => undefined,
  ) {
    const cache = () => new BoundedMap<string, Level>(most);
    this.#levels = { network: cache(), client: cache(), tenant: cache() };
  }

  /** Takes one token. `key` names whose bucket it is: a network (`networkKey`), a client of a tenant, a tenant's id. */
  take(bucket: Bucket, key: string): Taken {
    const rate = this.rates[bucket];
    if (!rate) return { ok: true };
    const now = this.monotonic();
    const perMillisecond = rate.count / (rate.seconds * 1_000);
    const bounded = key.slice(0, 300);
    const level = this.#levels[bucket].get(bounded) ?? { tokens: rate.count, at: now };
    const tokens = Math.min(rate.count, level.tokens + (now - level.at) * perMillisecond);
    const ok = tokens >= 1;
    this.#levels[bucket].set(bounded, { tokens: ok ? tokens - 1 : tokens, at: now });
    if (ok) return { ok };
    this.onRefused(bucket);
    return { ok, retryAfter: Math.max(1, Math.ceil((1 - tokens) / perMillisecond / 1_000)) };
  }
}
