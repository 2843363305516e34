import { createHash } from 'node:crypto';
import type { Operation } from '@signet/contracts';
import {
  findIdempotencyKey,
  forgetIdempotencyKeys,
  keepIdempotencyKey,
  lockIdempotencyKey,
  type Database,
  type Transaction,
} from '@signet/persistence';
import { z } from 'zod';
import { periodically, type Periodic } from '../periodically.js';
import type { ServiceLogger } from '../observability/service-logger.js';
import type { Answer } from './answer.js';
import type { Caller } from './caller.js';
import { ManagementProblem } from './management-problem.js';

/** A structured field's string (RFC 8941 section 3.3.3), or the same without its quotes, as many clients send it. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;
const bare = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/** The value of an Idempotency-Key; undefined where there is none. Throws where it is malformed. */
function keyOf(field: string | undefined): string | undefined {
  const value = field?.trim();
  if (value === undefined) return undefined;
  const [, inner] = quoted.exec(value) ?? [];
  if (inner !== undefined) return inner.replaceAll(/\\(["\\])/g, '$1');
  if (bare.test(value)) return value;
  throw new ManagementProblem('invalid-request', 'The Idempotency-Key is malformed');
}

const keptAnswer = z.object({
  body: z.unknown().optional(),
  version: z.int().optional(),
  location: z.string().optional(),
});

interface Asked {
  readonly operation: Pick<Operation, 'method' | 'secret'>;
  readonly path: string;
  readonly body: unknown;
  /** Idempotency-Key as it came. */
  readonly field: string | undefined;
}

/** draft-ietf-httpapi-idempotency-key-header: a request that is sent again changes nothing more, and is answered as it was. */
export class Once {
  readonly #key: string | undefined;

  constructor(
    private readonly caller: Pick<Caller, 'tenant' | 'principal'>,
    private readonly asked: Asked,
  ) {
    this.#key = asked.operation.method === 'POST' ? keyOf(asked.field) : undefined;
  }

  /** `make` within its transaction, or what it gave the first time. What `make` throws is not kept: it may be tried again. */
  async in<R>(tx: Pick<Transaction, 'first' | 'execute'>, make: () => Promise<Answer<R>>): Promise<Answer<R>> {
    if (this.#key === undefined) return make();
    const key = { tenantId: this.caller.tenant.id, principal: this.caller.principal, key: this.#key };
    const lock = await tx.first(lockIdempotencyKey, key);
    const requestHash = this.#hash();
    const kept = await tx.first(findIdempotencyKey, key);
    if (kept) {
      // Section 2.7: the key names one request.
      if (!requestHash.equals(kept.requestHash)) {
        throw new ManagementProblem('key-reused', 'The request differs from the first one with this key');
      }
      if (kept.answer === null) throw new ManagementProblem('shown-once', 'The first answer had a secret in it');
      return keptAnswer.parse(kept.answer) as Answer<R>;
    }
    // Whoever holds the lock may be another repeat, which has found what was kept; only where nothing is, it is the first request.
    if (lock?.locked !== true) {
      throw new ManagementProblem('in-progress', 'The first request has not been answered yet', {
        headers: { 'Retry-After': '1' },
      });
    }
    const answer = await make();
    await tx.execute(keepIdempotencyKey, {
      ...{ ...key, requestHash },
      answer: this.asked.operation.secret ? undefined : answer,
    });
    return answer;
  }

  #hash(): Buffer {
    const { operation, path, body } = this.asked;
    return createHash('sha256')
      .update(JSON.stringify([operation.method, path, body ?? null]))
      .digest();
  }
}

/** Rows at a time. */
const batch = 1_000;

/** Forgets keys that are older than a day. */
export function idempotencySweep(database: Pick<Database, 'first'>, logger: ServiceLogger): Periodic {
  return periodically('idempotency_keys.unswept', 600, logger, async () => {
    while ((await database.first(forgetIdempotencyKeys, { limit: batch }))?.forgotten === batch);
  });
}
