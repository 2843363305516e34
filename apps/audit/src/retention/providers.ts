import type { Provider } from '@nestjs/common';
import { Requester } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory, periodically, ServiceConfiguration, ServiceLogger } from '@signet/service';
import { Overtaken } from '../log/appender.js';
import { LogWriter } from '../log/log-writer.js';
import { TreeReader } from '../tree/tree-reader.js';
import { DirectoryArchive } from './directory-archive.js';
import { Retention } from './retention.js';

/** Seconds. Ages are of whole days. */
const every = 600;

export const retentionProviders: Provider[] = [
  {
    provide: Retention,
    inject: [Database, Requester, EventFactory, TreeReader, ServiceLogger, ServiceConfiguration],
    useFactory: (
      database: Database,
      requester: Requester,
      events: EventFactory,
      reader: TreeReader,
      logger: ServiceLogger,
      { auditArchive }: ServiceConfiguration,
    ) => {
      const archive = auditArchive === undefined ? undefined : new DirectoryArchive(auditArchive);
      return new Retention({ database, requester, events, reader, logger, archive });
    },
  },
  {
    provide: 'rounds of retention',
    inject: [Retention, LogWriter, ServiceLogger],
    useFactory: (retention: Retention, writer: LogWriter, logger: ServiceLogger) =>
      periodically('retention.failed', every, logger, async () => {
        const epoch = writer.epochHeld;
        if (epoch === undefined) return;
        await retention.round(epoch).catch((error: unknown) => {
          if (!(error instanceof Overtaken)) throw error;
        });
      }),
  },
];
