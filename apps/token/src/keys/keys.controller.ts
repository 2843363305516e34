import { Controller } from '@nestjs/common';
import { findPublicKeys, listKeys, prepareKeys, rotateKeys, type TenantId } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { DatabaseClock } from '@signet/persistence';
import { DirectoryCopies } from '@signet/service';
import type { z } from 'zod';
import { isPublished, keyInUse } from './key-schedule.js';
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
  ) {}

  @Serves(findPublicKeys)
  async findPublic({ tenantId }: Asked<typeof findPublicKeys>): Promise<Answer<typeof findPublicKeys>> {
    // Not only what this replica remembers: another one may have signed with a key that is seconds old.
    await this.keys.refresh();
    const keys = this.keys.publicKeys(tenantId);
    if (keys.length === 0) await this.#ensureTenant(tenantId);
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
    await this.#ensureTenant(tenantId);
    const now = this.clock.now();
    const keys = this.keys.keys(tenantId);
    return {
      keys: keys.map((key) => {
        const { kid, alg, createdAt, usedFrom } = key;
        const ofAlgorithm = keys.filter((other) => other.alg === alg);
        const inUse = keyInUse(ofAlgorithm, now) === key;
        return { kid, alg, createdAt, usedFrom, published: isPublished(key, ofAlgorithm, now), inUse };
      }),
    };
  }

  @Serves(rotateKeys)
  async rotate({ tenantId, alg, immediately }: Asked<typeof rotateKeys>): Promise<Answer<typeof rotateKeys>> {
    await this.keys.refresh();
    await this.#ensureTenant(tenantId);
    const held = new Set(this.keys.keys(tenantId).map((key) => key.alg));
    const algs = alg === undefined ? keyAlgorithms.filter((each) => held.has(each)) : [alg];
    let made = 0;
    for (const each of algs) {
      const rotation = { reason: 'requested', context: { actor: 'operator:signet' } } as const;
      if (await this.keys.rotate(tenantId, each, { ...rotation, ...(immediately && { ahead: 0 }) })) made++;
    }
    return { made };
  }

  async #ensureTenant(tenantId: TenantId): Promise<void> {
    if ((await this.copies.tenantById(tenantId)) === undefined) {
      throw new MeshError('not_found', 'there is no such tenant');
    }
  }
}
