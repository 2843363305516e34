import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { STATUS_LIST_TYPE, statusListClaims } from '@signet/claims';
import { plusSeconds, type Tenant } from '@signet/contracts';
import { signJwt } from '@signet/keys';
import type { Database } from '@signet/persistence';
import { statusBits } from '@signet/protocol';
import { BoundedMap } from '@signet/service';
import type { KeySets } from '../keys/key-sets.js';
import { BegunLists } from './begun-lists.js';
import { SharedWork } from './shared-work.js';
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

/** Builds that run at once: each has one of the pool's connections for as long as it takes. */
const buildsAtOnce = 2;

interface Build {
  readonly began: number;
  /** The signed list; undefined where no token of it may live. */
  readonly jwt: string | undefined;
}

/**
 * The tenants' status lists, built when they are asked for and then given out for half a second: a revocation that was acknowledged
 * before is in every list that a request gets a second later, at any replica.
 */
export class StatusLists {
  readonly #built = new BoundedMap<string, Build>(held);
  readonly #builds: SharedWork<Build>;
  readonly #begun: BegunLists;
  readonly #monotonic: () => number;

  constructor(
    private readonly deps: {
      readonly database: Pick<Database, 'run' | 'first'>;
      readonly keys: Pick<KeySets, 'signingKey'>;
      /** Milliseconds that never go back. */
      readonly monotonic?: () => number;
    },
  ) {
    this.#monotonic = deps.monotonic ?? (() => performance.now());
    this.#builds = new SharedWork({ atOnce: buildsAtOnce, monotonic: this.#monotonic });
    this.#begun = new BegunLists({ database: deps.database, monotonic: this.#monotonic });
  }

  /** The signed list; undefined where no token that may live is of it. Rejects where Postgres does not say. */
  async read(tenant: Tenant, number: number): Promise<string | undefined> {
    const asked = this.#monotonic();
    const key = `${tenant.id} ${number}`;
    const known = this.#built.get(key);
    if (known !== undefined && asked - known.began < freshFor) return known.jwt;
    if (!(await this.#begun.has(tenant.id, number))) return undefined;
    const build = () => this.#build(tenant, number, key);
    const shared = await this.#builds.join(key, freshFor, build);
    if (shared.jwt !== undefined || shared.began >= asked) return shared.jwt;
    // It may have begun before the entry of the first token was committed.
    return (await this.#builds.join(key, 0, build)).jwt;
  }

  async #build(tenant: Tenant, number: number, key: string): Promise<Build> {
    const began = this.#monotonic();
    const state = await this.#state(tenant, number);
    const build = { began, jwt: state?.exists === true ? await this.#signed(tenant, number, state) : undefined };
    if (build.jwt === undefined) this.#built.delete(key);
    else this.#built.set(key, build);
    return build;
  }

  async #signed(tenant: Tenant, number: number, state: ListState): Promise<string> {
    const claims = statusListClaims({
      issuer: tenant.issuer,
      uri: statusListUri(tenant, number),
      issuedAt: state.at,
      expiresAt: plusSeconds(state.at, lifetime),
      ttl: timeToLive,
      compressed: await compress(statusBits(listSize, state.revoked)),
    });
    const key = await this.deps.keys.signingKey(tenant.id, 'ES256');
    return signJwt({ key, typ: STATUS_LIST_TYPE, claims });
  }

  #state({ id: tenantId }: Tenant, number: number): Promise<ListState | undefined> {
    return this.deps.database.run(async (tx) => {
      await tx.execute(joinByHash, {});
      return tx.first(buildList, { tenantId, first: number * listSize, size: listSize });
    });
  }
}
