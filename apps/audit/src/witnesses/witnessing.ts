import type { TenantId } from '@signet/contracts';
import { DatabaseUnavailable, type Database } from '@signet/persistence';
import type { OutboundFetch, ServiceLogger } from '@signet/service';
import { consistencyPath, formatNoteKey } from '@signet/tlog';
import type { TreeReader } from '../tree/tree-reader.js';
import { addCheckpoint, type Witness, type WitnessAnswer } from './add-checkpoint.js';
import { findUnwitnessed, keepCosignature, type Unwitnessed } from './witness-statements.js';

const logsAtOnce = 4;
const logsPerRound = 100;
/** Milliseconds for which a witness that is away is left alone: at first, doubled each time, at most. */
const patience = { first: 1_000, most: 300_000 };
/** Milliseconds for which it is not asked again of a log that it does not take. */
const refusal = 60_000;

export interface WitnessingParts {
  readonly database: Pick<Database, 'execute'>;
  readonly reader: TreeReader;
  readonly fetch: Pick<OutboundFetch, 'ask'>;
  readonly logger: ServiceLogger;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** Has one witness cosign the logs' checkpoints. It goes at its own pace: nothing waits for a witness, and none for another. */
export class Witnessing {
  readonly #name: string;
  readonly #now: () => number;
  /** Until when it is not asked of a log, by the monotonic clock. */
  readonly #aside = new Map<TenantId, number>();
  #awayUntil = -Infinity;
  #pause = patience.first;

  constructor(
    private readonly witness: Witness,
    private readonly on: WitnessingParts,
  ) {
    this.#name = formatNoteKey(witness.key);
    this.#now = on.now ?? (() => performance.now());
  }

  /** The checkpoints that it has not cosigned yet, the oldest first. */
  async round(): Promise<void> {
    const now = this.#now();
    if (now < this.#awayUntil) return;
    for (const [tenantId, until] of this.#aside) if (until < now) this.#aside.delete(tenantId);
    const except = [...this.#aside.keys()];
    const found = await this.on.database.execute(findUnwitnessed, {
      ...{ witness: this.#name, except, limit: logsPerRound },
    });
    const left = found.values();
    const work = async () => {
      for (const log of left) {
        if (this.#now() < this.#awayUntil) return;
        await this.cosign(log);
      }
    };
    await Promise.all(Array.from({ length: logsAtOnce }, work));
  }

  /** What is wrong with one log holds up no other. */
  private async cosign(log: Unwitnessed): Promise<void> {
    try {
      await this.settle(log, await this.answer(log));
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error;
      this.leave(log.tenantId, refusal);
      this.on.logger.error('witness.not_asked', { witness: this.witness.key.name, tenant: log.tenantId, error });
    }
  }

  private async answer(log: Unwitnessed): Promise<WitnessAnswer> {
    const answer = await this.ask(log, log.oldSize);
    // It is the witness who knows what it has cosigned: another replica may have asked, or the position be lost.
    return 'conflict' in answer && answer.conflict <= log.size && answer.conflict !== log.oldSize
      ? this.ask(log, answer.conflict)
      : answer;
  }

  private async ask({ tenantId, size, checkpoint }: Unwitnessed, oldSize: number): Promise<WitnessAnswer> {
    const proof = await this.on.reader.hashes(tenantId, consistencyPath(oldSize, size), size);
    return addCheckpoint(this.on.fetch, this.witness, { oldSize, proof, checkpoint });
  }

  private async settle({ tenantId, size, checkpoint }: Unwitnessed, answer: WitnessAnswer): Promise<void> {
    const { database, reader, logger } = this.on;
    const told = { witness: this.witness.key.name, tenant: tenantId, size };
    if ('away' in answer) {
      // Of requests at once that fail it is away once.
      if (this.#now() >= this.#awayUntil) {
        logger.warn('witness.away', { ...told, reason: answer.away });
        this.#awayUntil = this.#now() + this.#pause;
        this.#pause = Math.min(this.#pause * 2, patience.most);
      }
      // It may be this log that it fails at: the others come before it.
      this.leave(tenantId, this.#pause);
      return;
    }
    this.#pause = patience.first;
    if ('line' in answer) {
      await database.execute(keepCosignature, { tenantId, witness: this.#name, size, checkpoint, line: answer.line });
      return;
    }
    if (!('conflict' in answer) || answer.conflict <= size) {
      this.leave(tenantId, refusal);
      logger.error('witness.refused', { ...told, reason: 'refused' in answer ? answer.refused : 'conflict' });
      return;
    }
    // Another replica may have shown it a later checkpoint since this one was read.
    const signed = await reader.signed(tenantId);
    if (signed && signed.size >= answer.conflict) return;
    this.leave(tenantId, refusal);
    // It has seen entries that this log does not have: the database may have been restored from a backup.
    logger.error('witness.conflict', { ...told, seen: answer.conflict });
  }

  private leave(tenantId: TenantId, milliseconds: number): void {
    this.#aside.set(tenantId, this.#now() + milliseconds);
  }
}
