import type { Provider } from '@nestjs/common';
import { Database, DatabaseClock } from '@signet/persistence';
import { AccessTokenChecks, Authorities, LongAnswers, Metrics, ServiceLogger } from '@signet/service';
import { Appended } from '../log/appended.js';
import { Judgements } from './judgements.js';
import { LogTails } from './log-tails.js';
import { OpenStreams } from './open-streams.js';

export const streamingProviders: Provider[] = [
  {
    provide: LogTails,
    inject: [Database, ServiceLogger],
    useFactory: (database: Database, logger: ServiceLogger) => new LogTails(database, logger),
  },
  {
    provide: Judgements,
    inject: [AccessTokenChecks, Authorities, DatabaseClock, ServiceLogger],
    useFactory: (checks: AccessTokenChecks, authorities: Authorities, clock: DatabaseClock, logger: ServiceLogger) =>
      new Judgements(checks, authorities, clock, logger),
  },
  {
    provide: OpenStreams,
    inject: [Judgements, Metrics],
    useFactory: (judgements: Judgements, metrics: Metrics) => {
      const streams = new OpenStreams(judgements);
      metrics.gauge('signet_audit_streams', 'Streams of the audit log that are open', () => streams.count);
      return streams;
    },
  },
  {
    provide: 'streaming',
    inject: [LogTails, OpenStreams, Judgements, Appended, LongAnswers],
    useFactory: (
      tails: LogTails,
      streams: OpenStreams,
      judgements: Judgements,
      appended: Appended,
      answers: LongAnswers,
    ) => {
      const deaf = appended.on(() => {
        tails.nudge();
      });
      return {
        onApplicationBootstrap: () => {
          tails.start();
          streams.start();
          judgements.start();
          answers.ending.addEventListener('abort', () => {
            streams.end();
          });
        },
        beforeApplicationShutdown: async () => {
          deaf();
          streams.end();
          judgements.stop();
          await tails.stop();
        },
      };
    },
  },
];
