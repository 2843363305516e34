import { Controller } from '@nestjs/common';
import {
  findPublicKeys,
  listKeys,
  prepareKeys,
  retireKey,
  rotateKeys,
  type Tenant,
  type TenantId,
} from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database, DatabaseClock } from '@signet/persistence';
import { DirectoryCopies } from '@signet/service';
import type { z } from 'zod';
import { retire } from './key-retirement.js';
import { dueAt, isPublished, jwksMaxAge, keyInUse, publishedUntil } from './key-schedule.js';
import { keyAlgorithms, KeySets, preparedAlgorithms } from './key-sets.js';

type Asked<C extends { request: z.ZodType }> = z.output<C['request']>;
type Answer<C extends { response: z.ZodType }> = z.input<C['response']>;

/** What other services and the operator ask of the keys. */
@Controller()
export class KeysController {
  constructor(
    private readonly keys: KeySets,
    private readonly copies: DirectoryCopies,
    private readonly clock: DatabaseClock,
    private readonly database: Database,
  ) {}

  @Serves(findPublicKeys)
  async findPublic({ tenantId }: Asked<typeof findPublicKeys>): Promise<Answer<typeof findPublicKeys>> {
    // Not only what this replica remembers: another one may have signed with a key that is seconds old.
    await this.keys.refresh();
    const keys = this.keys.publicKeys(tenantId);
    if (keys.length === 0) await this.#tenant(tenantId);
    return { keys };
  }

  @Serves(prepareKeys)
  async prepare({ tenantIds }: Asked<typeof prepareKeys>): Promise<Answer<typeof prepareKeys>> {
    let changes = 0;
    // One tenant after another: finding primes takes the whole thread pool that signing needs too.
    for (const tenantId of new Set(tenantIds)) {
      for (const alg of preparedAlgorithms) if (await this.keys.ensure(tenantId, alg)) changes++;
    }
    return { changes };
  }

  @Serves(listKeys)
  async list({ tenantId }: Asked<typeof listKeys>): Promise<Answer<typeof listKeys>> {
    await this.keys.refresh();
    const { policies } = await this.#tenant(tenantId);
    const now = this.clock.now();
    const keys = this.keys.keys(tenantId);
    return {
      keys: keys.map((key) => {
        const { kid, alg, createdAt, usedFrom, compromisedAt } = key;
        const siblings = keys.filter((other) => other.alg === alg);
        const state = { published: isPublished(key, siblings, now), inUse: keyInUse(siblings, now) === key };
        const nextMadeAt = siblings.at(-1) === key ? dueAt(key, policies.keys.rotateAfter) : undefined;
        return { kid, alg, createdAt, usedFrom, compromisedAt, nextMadeAt, ...state };
      }),
    };
  }

  @Serves(rotateKeys)
  async rotate({ tenantId, alg, immediately }: Asked<typeof rotateKeys>): Promise<Answer<typeof rotateKeys>> {
    await this.keys.refresh();
    await this.#tenant(tenantId);
    const held = new Set(this.keys.keys(tenantId).map((key) => key.alg));
    const algs = alg === undefined ? keyAlgorithms.filter((each) => held.has(each)) : [alg];
    let made = 0;
    for (const each of algs) {
      const rotation = { reason: 'requested', context: { actor: 'operator:signet' } } as const;
      if (await this.keys.rotate(tenantId, each, { ...rotation, ...(immediately && { ahead: 0 }) })) made++;
    }
    return { made };
  }

  @Serves(retireKey)
  async retire({ tenantId, kid, ...asked }: Asked<typeof retireKey>): Promise<Answer<typeof retireKey>> {
    const by = { ...asked, context: { actor: 'operator:signet' } } as const;
    const retired = await retire(this.database, this.keys, { tenantId, kid }, by);
    if (retired === undefined) throw new MeshError('not_found', 'the tenant has no such key');
    if (retired === 'raced') throw new MeshError('conflict', 'keys of this algorithm are replaced at the same time');
    const { key, siblings } = retired;
    const successor = keyInUse(siblings, this.clock.now());
    const next = successor && successor.generation > key.generation ? successor : siblings.at(-1);
    if (next === undefined) throw new Error(`the key ${kid} has no siblings`);
    return {
      ...{ alg: key.alg, successor: next.kid, successorUsedFrom: next.usedFrom, cachedFor: jwksMaxAge },
      publishedUntil: key.compromisedAt ?? publishedUntil(key, siblings) ?? next.usedFrom,
    };
  }

  async #tenant(tenantId: TenantId): Promise<Tenant> {
    const tenant = await this.copies.tenantById(tenantId);
    if (tenant === undefined) throw new MeshError('not_found', 'there is no such tenant');
    return tenant;
  }
}
