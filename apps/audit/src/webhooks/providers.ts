import type { Provider } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database, DatabaseClock } from '@signet/persistence';
import {
  EventFactory,
  idempotencySweep,
  Metrics,
  OutboundFetch,
  periodically,
  ServiceConfiguration,
  ServiceLogger,
} from '@signet/service';
import { Appended } from '../log/appended.js';
import { callWebhook } from './call.js';
import { WebhookDispatcher } from './dispatcher.js';
import { WebhookSettlement } from './settlement.js';
import { countWaiting, forgetDeliveries, kept } from './store/window.js';
import { WebhookChanges } from './webhook-changes.js';
import { WebhookQueue } from './webhook-queue.js';

/** Seconds. */
const [countEvery, forgetEvery] = [10, 60];
/** Rows at a time. */
const batch = 1_000;

export const webhookProviders: Provider[] = [
  {
    provide: WebhookQueue,
    inject: [Database, DatabaseClock, Keyring, EventFactory, OutboundFetch, Metrics, ServiceLogger],
    useFactory: (
      database: Database,
      clock: DatabaseClock,
      keyring: Keyring,
      events: EventFactory,
      outbound: OutboundFetch,
      metrics: Metrics,
      logger: ServiceLogger,
    ) => {
      const settled = metrics.counter(
        'signet_webhook_deliveries_total',
        'Attempts to tell webhooks of events, by what came of them: delivered, failed, dead_lettered, dropped, waiting; and disabled webhooks',
        ['outcome'],
      );
      const settlement = new WebhookSettlement(database, events, logger, Math.random, (outcome) => {
        settled.inc({ outcome });
      });
      return new WebhookQueue({
        ...{ database, logger },
        call: (delivery) => callWebhook({ database, keyring, clock, outbound }, delivery),
        settle: (delivery, call) => settlement.settle(delivery, call),
      });
    },
  },
  {
    provide: WebhookDispatcher,
    inject: [Database, ServiceLogger, WebhookQueue],
    useFactory: (database: Database, logger: ServiceLogger, queue: WebhookQueue) =>
      new WebhookDispatcher(database, logger, () => {
        queue.nudge();
      }),
  },
  {
    provide: WebhookChanges,
    inject: [Database, EventFactory, Keyring, ServiceConfiguration, WebhookDispatcher, WebhookQueue],
    useFactory: (
      database: Database,
      events: EventFactory,
      keyring: Keyring,
      { outbound: { allow } }: ServiceConfiguration,
      dispatcher: WebhookDispatcher,
      queue: WebhookQueue,
    ) =>
      new WebhookChanges({
        ...{ database, events, keyring, allow },
        onChanged: () => {
          dispatcher.nudge();
          queue.nudge();
        },
      }),
  },
  {
    provide: 'telling of webhooks',
    inject: [WebhookQueue, WebhookDispatcher, Appended],
    useFactory: (queue: WebhookQueue, dispatcher: WebhookDispatcher, appended: Appended) => {
      const deaf = appended.on(() => {
        dispatcher.nudge();
      });
      queue.onEnded(() => {
        dispatcher.nudge();
      });
      return {
        onApplicationBootstrap: () => {
          dispatcher.start();
          queue.start();
        },
        beforeApplicationShutdown: async () => {
          deaf();
          await dispatcher.stop();
          await queue.stop();
        },
      };
    },
  },
  {
    provide: 'count of what webhooks are to be told',
    inject: [Database, Metrics, ServiceLogger],
    useFactory: (database: Database, metrics: Metrics, logger: ServiceLogger) => {
      let waiting = 0;
      metrics.gauge('signet_webhook_deliveries_waiting', 'Events under way to webhooks', () => waiting);
      return periodically('webhooks.uncounted', countEvery, logger, async () => {
        waiting = (await database.first(countWaiting, undefined))?.waiting ?? 0;
      });
    },
  },
  {
    provide: 'sweep of webhook deliveries',
    inject: [Database, ServiceLogger],
    useFactory: (database: Database, logger: ServiceLogger) =>
      periodically('webhooks.unswept', forgetEvery, logger, async () => {
        for (const some of kept)
          while ((await database.execute(forgetDeliveries, { ...some, limit: batch })).length === batch);
      }),
  },
  { provide: 'sweep of idempotency keys', inject: [Database, ServiceLogger], useFactory: idempotencySweep },
];
