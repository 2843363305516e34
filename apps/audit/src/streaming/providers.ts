import type { Provider } from '@nestjs/common';
import { Database, DatabaseClock } from '@signet/persistence';
import { AccessTokenChecks, Authorities, LongAnswers, Metrics, ServiceLogger } from '@signet/service';
import { Appended } from '../log/appended.js';
import { LogTails } from './log-tails.js';
import { OpenStreams } from './open-streams.js';

export const streamingProviders: Provider[] = [
  {
    provide: LogTails,
    inject: [Database, ServiceLogger],
    useFactory: (database: Database, logger: ServiceLogger) => new LogTails(database, logger),
  },
  {
    provide: OpenStreams,
    inject: [AccessTokenChecks, Authorities, DatabaseClock, Metrics, ServiceLogger],
    useFactory: (
      checks: AccessTokenChecks,
      authorities: Authorities,
      clock: DatabaseClock,
      metrics: Metrics,
      logger: ServiceLogger,
    ) => {
      const streams = new OpenStreams(checks, authorities, clock, logger);
      metrics.gauge('signet_audit_streams', 'Streams of the audit log that are open', () => streams.count);
      return streams;
    },
  },
  {
    provide: 'streaming',
    inject: [LogTails, OpenStreams, Appended, LongAnswers],
    useFactory: (tails: LogTails, streams: OpenStreams, appended: Appended, answers: LongAnswers) => {
      const deaf = appended.on(() => {
        tails.nudge();
      });
      return {
        onApplicationBootstrap: () => {
          tails.start();
          streams.start();
          answers.ending.addEventListener('abort', () => {
            streams.end();
          });
        },
        beforeApplicationShutdown: async () => {
          deaf();
          streams.end();
          await tails.stop();
        },
      };
    },
  },
];
