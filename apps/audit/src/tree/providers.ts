import type { Provider } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Requester } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory, Metrics, ServiceConfiguration, ServiceLogger } from '@signet/service';
import { LogWriter } from '../log/log-writer.js';
import { measuredLag } from './log-lag.js';
import { TreeBuilder } from './tree-builder.js';
import { TreeKeeper } from './tree-keeper.js';
import { TreeReader } from './tree-reader.js';

export const treeProviders: Provider[] = [
  {
    provide: TreeReader,
    inject: [Database],
    useFactory: (database: Database) => new TreeReader(database),
  },
  {
    provide: TreeBuilder,
    inject: [Database, Keyring, Requester, EventFactory, ServiceLogger, ServiceConfiguration],
    useFactory: (
      database: Database,
      keyring: Keyring,
      requester: Requester,
      events: EventFactory,
      logger: ServiceLogger,
      configuration: ServiceConfiguration,
    ) => new TreeBuilder({ database, keyring, requester, events, logger, configuration }),
  },
  TreeKeeper,
  {
    provide: 'how far the trees are behind',
    inject: [Database, Metrics, ServiceLogger, LogWriter],
    useFactory: measuredLag,
  },
];
