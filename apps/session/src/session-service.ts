import { Module } from '@nestjs/common';
import { Requester } from '@signet/messaging';
import { failurePage } from '@signet/pages';
import { Database, DatabaseClock } from '@signet/persistence';
import {
  defineService,
  EventFactory,
  FloorRaiser,
  IdTokenHints,
  periodically,
  PublishedKeys,
  ServiceLogger,
} from '@signet/service';
import { CheckSessionController } from './check-session/check-session.controller.js';
import { DeliveryQueue } from './deliveries/delivery-queue.js';
import { LogoutDeliveryOperations } from './deliveries/logout-delivery-operations.controller.js';
import { deliveryProviders } from './deliveries/providers.js';
import { ErasureController } from './ending/erasure.controller.js';
import { RevocationConsumer } from './ending/revocation-consumer.js';
import { SessionEnding } from './ending/session-ending.js';
import { sweep } from './ending/session-sweep.js';
import { LogoutDeps } from './logout/logout-deps.js';
import { LogoutController } from './logout/logout.controller.js';
import { SessionOperations } from './management/session-operations.controller.js';
import { migrations } from './migrations/index.js';
import { OwnSessionsController } from './own-sessions/own-sessions.controller.js';
import { SessionRequests } from './session/session-requests.js';

/** Seconds between sweeps: how late an expiry may fire. */
const sweepEvery = 10;

@Module({
  controllers: [
    SessionRequests,
    OwnSessionsController,
    LogoutController,
    CheckSessionController,
    SessionOperations,
    LogoutDeliveryOperations,
    ErasureController,
  ],
  providers: [
    ...deliveryProviders,
    {
      provide: SessionEnding,
      inject: [Database, EventFactory, FloorRaiser, DeliveryQueue],
      useFactory: (database: Database, events: EventFactory, floors: FloorRaiser, deliveries: DeliveryQueue) =>
        new SessionEnding(database, events, floors, () => {
          deliveries.nudge();
        }),
    },
    {
      provide: IdTokenHints,
      inject: [Requester, DatabaseClock],
      useFactory: (requester: Requester, clock: DatabaseClock) => new IdTokenHints(new PublishedKeys(requester), clock),
    },
    LogoutDeps,
    RevocationConsumer,
    {
      provide: 'sweep',
      inject: [Database, SessionEnding, ServiceLogger],
      useFactory: (database: Database, ending: SessionEnding, logger: ServiceLogger) =>
        periodically('session.sweep', sweepEvery, logger, () => sweep(database, ending)),
    },
  ],
})
class SessionModule {}

export const sessionService = defineService({
  name: 'session',
  module: SessionModule,
  migrations,
  keyring: ['form', 'cursor'],
  errorPage: failurePage,
});
