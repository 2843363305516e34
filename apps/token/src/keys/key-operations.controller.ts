import { keyOperations, rfc3339, type ShownKey, type TenantId } from '@signet/contracts';
import { Database, DatabaseClock } from '@signet/persistence';
import { ManagementProblem, nothingThere, Operates, Operations, type Answer, type Input } from '@signet/service';
import { isPublished, keyInUse } from './key-schedule.js';
import { KeySets } from './key-sets.js';
import { retireIn, type KeyAndSiblings } from './key-retirement.js';
import type { StoredKey } from './store/key-statements.js';

/** `/admin/v1/keys` */
@Operations()
export class KeyOperations {
  constructor(
    private readonly keys: KeySets,
    private readonly database: Database,
    private readonly clock: DatabaseClock,
  ) {}

  @Operates(keyOperations.list)
  async list({ caller, query, page }: Input<typeof keyOperations.list>): Promise<Answer<{ items: ShownKey[] }>> {
    const now = this.clock.now();
    const found = (await this.#ofTenant(caller.tenant.id)).filter(
      ({ key, siblings }) =>
        (query.alg === undefined || key.alg === query.alg) &&
        (query.published === undefined || isPublished(key, siblings, now) === query.published) &&
        follows(key, page.after),
    );
    const rows = found.slice(0, page.limit + 1);
    return {
      body: page.of(
        rows,
        (row) => this.#show(row),
        ({ key }) => [key.alg, key.generation],
      ),
    };
  }

  @Operates(keyOperations.read)
  async read({ caller, parameters }: Input<typeof keyOperations.read>): Promise<Answer<ShownKey>> {
    return { body: this.#show(await this.#found(caller.tenant.id, parameters.kid)) };
  }

  @Operates(keyOperations.rotate)
  async rotate({ caller, body, once }: Input<typeof keyOperations.rotate>): Promise<Answer<ShownKey>> {
    const { tenant, context } = caller;
    await this.keys.refresh();
    const answer = await this.database.run((tx) =>
      once.in(tx, async () => {
        const rotation = { reason: 'requested', context, ...(body.immediately && { ahead: 0 }) } as const;
        const key = await this.keys.rotateIn(tx, tenant.id, body.alg, rotation);
        if (!key) throw new ManagementProblem('conflict', 'A key of this algorithm was made at the same time');
        return { body: shown(key, { published: true, inUse: body.immediately }), location: key.kid };
      }),
    );
    await this.keys.refresh();
    return answer;
  }

  @Operates(keyOperations.retire)
  async retire({ caller, parameters, body, once }: Input<typeof keyOperations.retire>): Promise<Answer<ShownKey>> {
    const { tenant, context } = caller;
    const before = await this.#found(tenant.id, parameters.kid);
    const retirement = { compromised: body.compromised, reason: body.reason, context };
    const answer = await this.database.run((tx) =>
      once.in(tx, async () => {
        const retired = await retireIn(tx, this.keys, before, retirement);
        if (retired === 'raced')
          throw new ManagementProblem('conflict', 'A key of this algorithm was made or retired at the same time');
        const compromisedAt = before.key.compromisedAt ?? retired.compromisedAt;
        return { body: this.#show({ ...before, key: { ...before.key, compromisedAt } }) };
      }),
    );
    await this.keys.refresh();
    return answer;
  }

  async #found(tenantId: TenantId, kid: string): Promise<KeyAndSiblings> {
    const found = (await this.#ofTenant(tenantId)).find(({ key }) => key.kid === kid);
    if (found === undefined) throw nothingThere();
    return found;
  }

  /** Also those that another replica has made a moment ago. */
  async #ofTenant(tenantId: TenantId): Promise<KeyAndSiblings[]> {
    await this.keys.refresh();
    const keys = this.keys.keys(tenantId);
    return keys.map((key) => ({ key, siblings: keys.filter(({ alg }) => alg === key.alg) }));
  }

  #show({ key, siblings }: KeyAndSiblings): ShownKey {
    const now = this.clock.now();
    return shown(key, {
      published: isPublished(key, siblings, now),
      inUse: keyInUse(siblings, now)?.kid === key.kid && key.compromisedAt === undefined,
    });
  }
}

/** Keys are listed by algorithm and generation. */
function follows({ alg, generation }: StoredKey, after: readonly (string | number)[] | undefined): boolean {
  if (after === undefined) return true;
  const [lastAlg = '', lastGeneration = 0] = after;
  const order = alg.localeCompare(String(lastAlg));
  return order > 0 || (order === 0 && generation > Number(lastGeneration));
}

const shown = (key: StoredKey, state: { readonly published: boolean; readonly inUse: boolean }): ShownKey => ({
  kid: key.kid,
  alg: key.alg,
  use: key.publicJwk.use,
  created_at: rfc3339(key.createdAt),
  used_from: rfc3339(key.usedFrom),
  published: state.published,
  in_use: state.inUse,
  compromised_at: key.compromisedAt === undefined ? null : rfc3339(key.compromisedAt),
});
