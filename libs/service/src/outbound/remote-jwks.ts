import { parseClientJwks } from '@signet/keys';
import type { ClientJwks } from '@signet/protocol';
import { BoundedMap } from '../bounded-map.js';
import type { OutboundResult } from './outbound-fetch.js';

export interface RemoteJwksOptions {
  readonly fetch: (uri: string, mediaTypes: readonly string[]) => Promise<OutboundResult<string>>;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** Told of each set that could not be had. */
  readonly onFault: (uri: string, fault: string) => void;
  /** Sets kept. */
  readonly most?: number;
}

/** Milliseconds. */
const times = {
  fresh: 600_000,
  serves: 3_600_000,
  /** Between two fetches for a key that the set did not have. */
  anew: 30_000,
  /** For which nobody tries again after a failure. */
  pause: 5_000,
} as const;

/** RFC 7517 section 8.5.2. */
const mediaTypes = ['application/jwk-set+json', 'application/json'] as const;

interface Entry {
  readonly jwks: ClientJwks | undefined;
  readonly fetchedAt: number;
  /** When the last fetch ended, whatever came of it. */
  readonly triedAt: number;
  /** When it was last fetched for a key that it did not have. */
  readonly renewedAt?: number | undefined;
}

/**
 * Clients' key sets by their jwks_uri. Only what a client has registered may be asked for: an attacker who could name a URI
 * could drive the others out. A set serves for an hour while its site is away.
 */
export class RemoteJwks {
  readonly #entries: BoundedMap<string, Entry>;
  readonly #fetching = new Map<string, Promise<ClientJwks | undefined>>();

  constructor(private readonly options: RemoteJwksOptions) {
    this.#entries = new BoundedMap(options.most ?? 1_000);
  }

  /** The set, or undefined where there is none to be had. */
  async get(uri: string): Promise<ClientJwks | undefined> {
    const entry = this.#entries.get(uri);
    if (entry?.jwks !== undefined && this.#since(entry.fetchedAt) < times.fresh) return entry.jwks;
    const resting = entry !== undefined && this.#since(entry.triedAt) < times.pause;
    const fetched = resting ? undefined : await this.#fetch(uri);
    if (fetched !== undefined) return fetched;
    return entry !== undefined && this.#since(entry.fetchedAt) < times.serves ? entry.jwks : undefined;
  }

  /**
   * The set fetched anew, since a key was not in it: a client that rotates publishes its new key there (OpenID Connect Core
   * 1.0 section 10.1.1), and may use it at once. Undefined where that was done, or failed, a moment ago, so that kids that are
   * made up cost nothing.
   */
  async getAnew(uri: string): Promise<ClientJwks | undefined> {
    const running = this.#fetching.get(uri);
    if (running !== undefined) return running;
    const entry = this.#entries.get(uri);
    const renewedAt = entry?.jwks === undefined ? entry?.triedAt : entry.renewedAt;
    if (renewedAt !== undefined && this.#since(renewedAt) < times.anew) return undefined;
    if (entry !== undefined) this.#entries.set(uri, { ...entry, renewedAt: this.options.monotonic() });
    return this.#fetch(uri);
  }

  #since(moment: number): number {
    return this.options.monotonic() - moment;
  }

  /** One fetch for all who wait for it. */
  #fetch(uri: string): Promise<ClientJwks | undefined> {
    const running = this.#fetching.get(uri);
    if (running !== undefined) return running;
    const fetching = this.#read(uri).finally(() => this.#fetching.delete(uri));
    this.#fetching.set(uri, fetching);
    return fetching;
  }

  async #read(uri: string): Promise<ClientJwks | undefined> {
    const answer = await this.options.fetch(uri, mediaTypes);
    const parsed = answer.ok ? parseClientJwks(answer.body) : answer;
    const triedAt = this.options.monotonic();
    const before = this.#entries.peek(uri);
    if (parsed.ok) {
      this.#entries.set(uri, { jwks: parsed.jwks, fetchedAt: triedAt, triedAt, renewedAt: before?.renewedAt });
      return parsed.jwks;
    }
    this.options.onFault(uri, parsed.fault);
    this.#entries.set(uri, { ...before, jwks: before?.jwks, fetchedAt: before?.fetchedAt ?? triedAt, triedAt });
    return undefined;
  }
}
