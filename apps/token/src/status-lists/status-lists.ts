import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { STATUS_LIST_TYPE, statusListClaims } from '@signet/claims';
import { plusSeconds, type Tenant } from '@signet/contracts';
import { sha256Text, signJwt } from '@signet/keys';
import type { Database } from '@signet/persistence';
import { statusBits } from '@signet/protocol';
import { BoundedMap } from '@signet/service';
import type { KeySets } from '../keys/key-sets.js';
import { listSize, statusListUri } from './status-list.js';
import { buildList, joinByHash, type ListState } from './store/build-list.js';

const compress = promisify(deflate);

/** Milliseconds from the beginning of its building for which a list is given out. */
const freshFor = 500;
/** Lists that are held at once: of each tenant one or two are asked for. */
const held = 1_000;
/** Seconds that a verifier may go by a list (`ttl`, and Cache-Control's max-age). */
export const timeToLive = 1;
/** Seconds after which a list says nothing any more: it may differ so much from the time of whoever verifies it. */
const lifetime = 60;

/** A status list as it is sent. */
export interface SignedList {
  readonly jwt: string;
  readonly etag: string;
}

interface Build {
  readonly began: number;
  readonly list: Promise<SignedList | undefined>;
}

/**
 * The tenants' status lists, built when they are asked for and then given out for half a second: a revocation that was acknowledged
 * before is in every list that a request gets a second later, at any replica.
 */
export class StatusLists {
  readonly #builds = new BoundedMap<string, Build>(held);
  readonly #monotonic: () => number;

  constructor(
    private readonly deps: {
      readonly database: Pick<Database, 'run'>;
      readonly keys: Pick<KeySets, 'signingKey'>;
      /** Milliseconds that never go back. */
      readonly monotonic?: () => number;
    },
  ) {
    this.#monotonic = deps.monotonic ?? (() => performance.now());
  }

  /** Undefined where no token that may live is of this list. Rejects where Postgres does not say. */
  read(tenant: Tenant, number: number): Promise<SignedList | undefined> {
    const key = `${tenant.id} ${number}`;
    const known = this.#builds.get(key);
    const now = this.#monotonic();
    if (known !== undefined && now - known.began <= freshFor) return known.list;
    const build: Build = { began: now, list: this.#build(tenant, number) };
    this.#builds.set(key, build);
    const forget = () => {
      if (this.#builds.peek(key) === build) this.#builds.delete(key);
    };
    build.list.then((list) => {
      if (list === undefined) forget();
    }, forget);
    return build.list;
  }

  async #build(tenant: Tenant, number: number): Promise<SignedList | undefined> {
    const state = await this.#state(tenant, number);
    if (state?.exists !== true) return undefined;
    const claims = statusListClaims({
      issuer: tenant.issuer,
      uri: statusListUri(tenant, number),
      issuedAt: state.at,
      expiresAt: plusSeconds(state.at, lifetime),
      ttl: timeToLive,
      compressed: await compress(statusBits(listSize, state.revoked)),
    });
    const key = await this.deps.keys.signingKey(tenant.id, 'ES256');
    const jwt = await signJwt({ key, typ: STATUS_LIST_TYPE, claims });
    return { jwt, etag: `"${sha256Text(jwt)}"` };
  }
  #state({ id: tenantId }: Tenant, number: number): Promise<ListState | undefined> {
    return this.deps.database.run(async (tx) => {
      await tx.execute(joinByHash, {});
      return tx.first(buildList, { tenantId, first: number * listSize, size: listSize });
    });
  }
}
