import type { EventContext, Micros, TenantId } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { KeySets } from './key-sets.js';
import type { StoredKey } from './store/key-statements.js';

export interface KeyAndSiblings {
  readonly key: StoredKey;
  /** Of the same algorithm, itself among them, the oldest first. */
  readonly siblings: readonly StoredKey[];
}

export interface Retirement {
  /** It has become known: nothing that it signed may be taken any more. */
  readonly compromised: boolean;
  readonly reason: string;
  readonly context: EventContext;
}

/**
 * Retires a key within a transaction; `raced` where others have made or retired keys of the algorithm meanwhile, and nothing may be
 * committed. What is retired already stays as it is. The tenant is never left without a key of the algorithm.
 */
export async function retireIn(
  tx: Pick<Database, 'first'>,
  keys: KeySets,
  { key, siblings }: KeyAndSiblings,
  { compromised, ...by }: Retirement,
): Promise<{ readonly compromisedAt?: Micros } | 'raced'> {
  if (key.compromisedAt !== undefined) return {};
  if (compromised) return (await keys.compromiseIn(tx, key, by)) ?? 'raced';
  if (siblings.some(({ generation }) => generation > key.generation)) return {};
  const successor = await keys.rotateIn(tx, key.tenantId, key.alg, { reason: 'requested', context: by.context });
  return successor ? {} : 'raced';
}

/** Thrown to have a transaction undone. */
class Raced extends Error {}

const attempts = 5;

/** `retireIn` in a transaction of its own, begun again where it raced. Undefined where the tenant has no such key. */
export async function retire(
  database: Pick<Database, 'run'>,
  keys: KeySets,
  { tenantId, kid }: { readonly tenantId: TenantId; readonly kid: string },
  retirement: Retirement,
): Promise<KeyAndSiblings | 'raced' | undefined> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await keys.refresh();
    const found = withSiblings(keys, tenantId, kid);
    if (found === undefined) return undefined;
    try {
      await database.run(async (tx) => {
        if ((await retireIn(tx, keys, found, retirement)) === 'raced') throw new Raced();
      });
    } catch (error) {
      if (error instanceof Raced) continue;
      throw error;
    }
    await keys.refresh();
    return withSiblings(keys, tenantId, kid);
  }
  return 'raced';
}

function withSiblings(keys: KeySets, tenantId: TenantId, kid: string): KeyAndSiblings | undefined {
  const all = keys.keys(tenantId);
  const key = all.find((each) => each.kid === kid);
  return key && { key, siblings: all.filter(({ alg }) => alg === key.alg) };
}
