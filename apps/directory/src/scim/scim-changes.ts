import { provisioningRefusalsSummarised, provisioningRefused } from '@signet/contracts';
import type { FailureLog } from '@signet/service';
import {
  DirectoryChanges,
  type Change,
  type ChangesDependencies,
  type ChangeScope,
} from '../changes/directory-changes.js';
import { ScimError } from './scim-error.js';

/** Changes by provisioning clients: one that takes more authority than the client has is recorded, after its transaction was taken back. */
export class ScimChanges extends DirectoryChanges {
  constructor(
    on: ChangesDependencies,
    private readonly failures: Pick<FailureLog, 'record'>,
  ) {
    super(on);
  }

  override async run<T>(scope: ChangeScope, work: (change: Change) => Promise<T>): Promise<T> {
    try {
      return await super.run(scope, work);
    } catch (thrown) {
      if (thrown instanceof ScimError && thrown.status === 403) {
        await this.failures.record(provisioningRefused, provisioningRefusalsSummarised, {
          ...{ ...scope, reason: 'insufficient_authority', data: { operation: 'change' } },
        });
      }
      throw thrown;
    }
  }
}
