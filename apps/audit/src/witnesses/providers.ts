import type { Provider } from '@nestjs/common';
import { Database } from '@signet/persistence';
import { OutboundFetch, periodically, ServiceConfiguration, ServiceLogger } from '@signet/service';
import { LogWriter } from '../log/log-writer.js';
import { TreeReader } from '../tree/tree-reader.js';
import { Witnessing } from './witnessing.js';

const seconds = 1;

export const witnessProviders: Provider[] = [
  {
    provide: 'witnesses',
    inject: [ServiceConfiguration, LogWriter, Database, TreeReader, OutboundFetch, ServiceLogger],
    useFactory: (
      { witnesses }: ServiceConfiguration,
      writer: LogWriter,
      database: Database,
      reader: TreeReader,
      fetch: OutboundFetch,
      logger: ServiceLogger,
    ) => {
      const rounds = witnesses
        .map((witness) => new Witnessing(witness, { database, reader, fetch, logger }))
        .map((witnessing) =>
          periodically('witness.not_asked', seconds, logger, async () => {
            if (writer.isWriting) await witnessing.round();
          }),
        );
      return {
        onApplicationBootstrap: () => {
          for (const round of rounds) round.onApplicationBootstrap();
        },
        beforeApplicationShutdown: async () => {
          for (const round of rounds) await round.beforeApplicationShutdown();
        },
      };
    },
  },
];
