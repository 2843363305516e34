import type { Database, PartitionPlan } from '@signet/persistence';
import type { EventFactory } from '@signet/service';
import { endedFamilies } from './ended-families.js';
import { redateLeft } from '../floors/store/raise.js';
import { deleteFamilies, lockExpiredFamilies } from './store/sweep-families.js';
import { forgetFloors, forgetRaises } from './store/forget-floors.js';

/** Rows at a time, so that no transaction is long. */
const batch = 500;

/** A code lives a minute; a replay is told from a stranger for a day and more. */
const codePartitions: PartitionPlan = { unit: 'day', ahead: 2, keep: 1 };

/** A proof is good for a minute; then its own time refuses it. */
const proofPartitions: PartitionPlan = { unit: 'hour', ahead: 2, keep: 1 };

/** An assertion lives ten minutes at most, and is refused by its own `exp` before its partition goes. */
const assertionPartitions: PartitionPlan = { unit: 'hour', ahead: 2, keep: 1 };

/** Minutes, and as long as a person takes to sign in. */
const pushedPartitions: PartitionPlan = { unit: 'day', ahead: 2, keep: 1 };

/** A device code lives ten minutes, and is told from a stranger's for a day. */
const devicePartitions: PartitionPlan = { unit: 'day', ahead: 2, keep: 1 };

/** An entry says of itself until when it is needed. */
const entryPartitions: PartitionPlan = { unit: 'hour', ahead: 2, keep: 0 };

/** What time ends, and what nothing asks for any more. Replicas share the work: rows that one has locked another passes over. */
export class Sweeps {
  constructor(
    private readonly database: Database,
    private readonly events: Pick<EventFactory, 'make'>,
  ) {}

  /** Families that are over; an expiry that nothing else ended is recorded here. */
  async families(): Promise<void> {
    while ((await this.#someFamilies()) === batch);
  }

  async floors(): Promise<void> {
    while ((await this.database.execute(forgetFloors, { limit: batch })).length === batch);
    while ((await this.database.execute(forgetRaises, { limit: batch })).length === batch);
  }

  async undatedFloors(): Promise<void> {
    while ((await this.database.execute(redateLeft, { limit: batch })).length === batch);
  }

  /** Of what is spent once: each has a default partition, which serves where one could not be made. */
  async partitions(): Promise<void> {
    await this.database.maintainPartitions('code', codePartitions);
    await this.database.maintainPartitions('spent_assertion', assertionPartitions);
    await this.database.maintainPartitions('pushed_request', pushedPartitions);
    await this.database.maintainPartitions('device', devicePartitions);
    await this.database.maintainPartitions('dpop_proof', proofPartitions);
    await this.database.maintainPartitions('status_entry', entryPartitions);
  }

  #someFamilies(): Promise<number> {
    return this.database.run(async (tx) => {
      const families = await tx.execute(lockExpiredFamilies, { limit: batch });
      const ended = endedFamilies(families, this.events, 'expired');
      if (families.length > 0) await tx.execute(deleteFamilies, { families, ended });
      return families.length;
    });
  }
}
