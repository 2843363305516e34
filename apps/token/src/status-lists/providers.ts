import type { Provider } from '@nestjs/common';
import { Database } from '@signet/persistence';
import { KeySets } from '../keys/key-sets.js';
import { ListedTokens } from './listed-tokens.js';
import { StatusIndices } from './status-indices.js';
import { StatusLists } from './status-lists.js';

export const statusListProviders: Provider[] = [
  { provide: StatusIndices, inject: [Database], useFactory: (database: Database) => new StatusIndices(database) },
  { provide: ListedTokens, inject: [Database], useFactory: (database: Database) => new ListedTokens(database) },
  {
    provide: StatusLists,
    inject: [Database, KeySets],
    useFactory: (database: Database, keys: KeySets) => new StatusLists({ database, keys }),
  },
];
