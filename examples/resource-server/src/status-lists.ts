import { inflateSync } from 'node:zlib';
import { jwtVerify } from 'jose';
import type { Provider } from './provider.js';

/** What an access token says of its place (draft-ietf-oauth-status-list section 6.2). */
export interface StatusReference {
  readonly idx: number;
  readonly uri: string;
}

/** The list says nothing of the token, or cannot be had: it must not be accepted. */
export class StatusUnknown extends Error {}

interface List {
  readonly bits: Uint8Array;
  /** Milliseconds of the monotonic clock until which it may be gone by. */
  readonly until: number;
}

/** As large as a list may become: a small response must not fill the memory. */
const maxBytes = 1024 * 1024;
const maxLists = 100;

/**
 * The provider's status lists, each read again when its `ttl` is over. A revoked token is refused after the time that the provider takes to
 * show it in the list (with Signet at most one second) and the `ttl` (with Signet one second).
 */
export class StatusLists {
  readonly #lists = new Map<string, Promise<List>>();

  constructor(
    private readonly provider: Provider,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** Section 7.1: 0 is VALID, anything else is not. Throws StatusUnknown. */
  async isValid({ idx, uri }: StatusReference): Promise<boolean> {
    const { bits } = await this.#list(uri);
    // Section 8.3, step 6: an index that is out of bounds says nothing.
    const byte = bits[idx >> 3];
    if (byte === undefined) throw new StatusUnknown('the list is too short');
    return ((byte >> (idx & 7)) & 1) === 0;
  }

  /** All that ask for one list at once share a request; what failed is asked for again by the next one. */
  async #list(uri: string): Promise<List> {
    // Of the provider alone: a token is signed by it, but this server calls nobody else for one.
    if (new URL(uri).origin !== new URL(this.provider.issuer).origin) throw new StatusUnknown('the list is elsewhere');
    const known = this.#lists.get(uri);
    if (known !== undefined && (await known).until > this.monotonic()) return known;
    // Somebody else may have asked meanwhile.
    const current = this.#lists.get(uri);
    if (current !== undefined && current !== known) return current;
    // Lists of tokens that have expired are never asked for again.
    if (this.#lists.size >= maxLists) this.#lists.clear();
    const asked = this.#fetch(uri);
    this.#lists.set(uri, asked);
    asked.catch(() => {
      // Unless somebody has asked anew.
      if (this.#lists.get(uri) === asked) this.#lists.delete(uri);
    });
    return asked;
  }

  async #fetch(uri: string): Promise<List> {
    // The ttl counts from before the request: the list is no newer than that.
    const began = this.monotonic();
    const headers = { accept: 'application/statuslist+jwt' };
    const signal = AbortSignal.timeout(2_000);
    const response = await fetch(uri, { headers, signal, redirect: 'error' }).catch(unknown);
    if (!response.ok) throw new StatusUnknown(`the list answers ${String(response.status)}`);
    const { keys } = this.provider;
    // Section 8.3, steps 3 and 4: signature, type, expiry, and `sub`, which MUST be the URI.
    const options = { typ: 'statuslist+jwt', subject: uri, requiredClaims: ['iat'], clockTolerance: 5 };
    const { payload } = await jwtVerify(await response.text(), keys, options).catch(unknown);
    const { ttl, status_list: list } = payload as { ttl?: unknown; status_list?: { bits?: unknown; lst?: unknown } };
    if (list?.bits !== 1 || typeof list.lst !== 'string') throw new StatusUnknown('the list has another form');
    const seconds = typeof ttl === 'number' && ttl > 0 ? ttl : 0;
    return { bits: inflated(list.lst), until: began + seconds * 1_000 };
  }
}

function unknown(cause: unknown): never {
  throw new StatusUnknown('the list cannot be had', { cause });
}

function inflated(lst: string): Uint8Array {
  try {
    return inflateSync(Buffer.from(lst, 'base64url'), { maxOutputLength: maxBytes });
  } catch (error) {
    return unknown(error);
  }
}
