import { Controller } from '@nestjs/common';
import { findPublicKeys, prepareKeys } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { DirectoryCopies } from '@signet/service';
import type { z } from 'zod';
import { KeySets, preparedAlgorithms } from './key-sets.js';

type Asked<C extends { request: z.ZodType }> = z.output<C['request']>;
type Answer<C extends { response: z.ZodType }> = z.input<C['response']>;

/** What other services and the operator ask of the keys. */
@Controller()
export class KeysController {
  constructor(
    private readonly keys: KeySets,
    private readonly copies: DirectoryCopies,
  ) {}

  @Serves(findPublicKeys)
  async findPublic({ tenantId }: Asked<typeof findPublicKeys>): Promise<Answer<typeof findPublicKeys>> {
    // Not only what this replica remembers: another one may have signed with a key that is seconds old.
    await this.keys.refresh();
    const keys = this.keys.publicKeys(tenantId);
    if (keys.length === 0 && (await this.copies.tenantById(tenantId)) === undefined) {
      throw new MeshError('not_found', 'there is no such tenant');
    }
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
}
