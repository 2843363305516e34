import type { Provider } from '@nestjs/common';
import { Requester } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { DirectoryCopies, EventFactory, Metrics, OutboundFetch, periodically, ServiceLogger } from '@signet/service';
import { DeliveryQueue } from './delivery-queue.js';
import { callClient } from './logout-call.js';
import { Settlement } from './settlement.js';
import { countWaiting } from './store/keep-deliveries.js';

/** Seconds between two counts. */
const countEvery = 10;

export const deliveryProviders: Provider[] = [
  {
    provide: DeliveryQueue,
    inject: [Database, EventFactory, Requester, DirectoryCopies, OutboundFetch, Metrics, ServiceLogger],
    useFactory: (
      database: Database,
      events: EventFactory,
      requester: Requester,
      copies: DirectoryCopies,
      outbound: OutboundFetch,
      metrics: Metrics,
      logger: ServiceLogger,
    ) => {
      const attempts = metrics.counter(
        'signet_logout_deliveries_total',
        'Attempts to tell clients of ended sessions, by what came of them: delivered, failed, dead_lettered, unwanted, waiting',
        ['outcome'],
      );
      const settlement = new Settlement(database, events, Math.random, (outcome, count) => {
        attempts.inc({ outcome }, count);
      });
      return new DeliveryQueue({
        ...{ database, logger },
        call: (delivery) => callClient({ requester, copies, outbound }, delivery),
        settle: (delivery, call) => settlement.settle(delivery, call),
      });
    },
  },
  {
    provide: 'telling of clients',
    inject: [DeliveryQueue],
    useFactory: (queue: DeliveryQueue) => ({
      onApplicationBootstrap: () => {
        queue.start();
      },
      beforeApplicationShutdown: () => queue.stop(),
    }),
  },
  {
    provide: 'count of those to be told',
    inject: [Database, Metrics, ServiceLogger],
    useFactory: (database: Database, metrics: Metrics, logger: ServiceLogger) => {
      let waiting = 0;
      metrics.gauge('signet_logout_deliveries_waiting', 'Clients still to be told of an ended session', () => waiting);
      return periodically('logout_deliveries.uncounted', countEvery, logger, async () => {
        waiting = (await database.first(countWaiting, undefined))?.waiting ?? 0;
      });
    },
  },
];
