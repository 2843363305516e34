import { GroupCommit, type Database } from '@signet/persistence';
import { recordListed, type ListedToken } from './store/record-listed.js';

/** Tokens that clients get for themselves, and that have a place: concurrent ones share a commit, as those without do. */
export class ListedTokens {
  readonly #recording: GroupCommit<ListedToken>;

  constructor(database: Pick<Database, 'execute'>) {
    this.#recording = new GroupCommit({
      write: async (tokens) => {
        await database.execute(recordListed, tokens);
      },
      most: 256,
      waiting: 10_000,
    });
  }

  /** Resolves when event and place are committed. */
  record(token: ListedToken): Promise<void> {
    return this.#recording.submit(token);
  }
}
