import { Module } from '@nestjs/common';
import { Requester } from '@signet/messaging';
import { failurePage } from '@signet/pages';
import { Database, DatabaseClock } from '@signet/persistence';
import {
  defineService,
  EventFactory,
  FailureLog,
  Hasher,
  IdTokenHints,
  PublishedKeys,
  periodically,
  ServiceConfiguration,
  ServiceLogger,
} from '@signet/service';
import { AccountController } from './account/account.controller.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { PasswordConfiguration } from './configuration/password-configuration.js';
import { CredentialOperations } from './credentials/credential-operations.controller.js';
import { ConsentController } from './consent/consent.controller.js';
import { DeviceController } from './device/device.controller.js';
import { ErasureController } from './erasure/erasure.controller.js';
import { forgetFullBuckets } from './guessing/guess-bucket.js';
import { GuessLimits } from './guessing/guess-limits.js';
import { InitiateController } from './initiate/initiate.controller.js';
import { InteractionDeps } from './interaction/interaction-deps.js';
import { RefusedRequests } from './interaction/refused-requests.js';
import { migrations } from './migrations/index.js';
import { SelectAccountController } from './select-account/select-account.controller.js';
import { afterRestore } from './setup/after-restore.js';
import { FirstAdministrator } from './setup/first-administrator.js';
import { SetupController } from './setup/setup.controller.js';
import { SetupRequests } from './setup/setup-requests.js';
import { PasswordCheck } from './sign-in/password-check.js';
import { SignInController } from './sign-in/sign-in.controller.js';

/** Seconds between rounds of housekeeping. */
const housekeeping = 60;
/** Between looks for an administrator who is named and not made yet. */
const setupTurn = 5;

@Module({
  controllers: [
    AuthorizeController,
    SignInController,
    SelectAccountController,
    ConsentController,
    InitiateController,
    DeviceController,
    AccountController,
    PasswordConfiguration,
    CredentialOperations,
    ErasureController,
    SetupController,
    SetupRequests,
  ],
  providers: [
    InteractionDeps,
    RefusedRequests,
    {
      provide: IdTokenHints,
      inject: [Requester, DatabaseClock],
      useFactory: (requester: Requester, clock: DatabaseClock) => new IdTokenHints(new PublishedKeys(requester), clock),
    },
    {
      provide: GuessLimits,
      inject: [Database, ServiceConfiguration],
      useFactory: (database: Database, { guessing }: ServiceConfiguration) => new GuessLimits(database, guessing),
    },
    {
      provide: PasswordCheck,
      inject: [Database, Requester, Hasher, GuessLimits, EventFactory, FailureLog],
      useFactory: (
        database: Database,
        requester: Requester,
        hasher: Hasher,
        guesses: GuessLimits,
        events: EventFactory,
        failures: FailureLog,
      ) => new PasswordCheck(database, requester, hasher, guesses, events, failures),
    },
    {
      provide: FirstAdministrator,
      inject: [Database, Requester, Hasher, EventFactory],
      useFactory: (database: Database, requester: Requester, hasher: Hasher, events: EventFactory) =>
        new FirstAdministrator({ database, requester, hasher, events }),
    },
    {
      provide: 'unfinished set-up',
      inject: [FirstAdministrator, ServiceLogger],
      useFactory: (first: FirstAdministrator, logger: ServiceLogger) =>
        periodically('authn.setup_unfinished', setupTurn, logger, () => first.finishLeft()),
    },
    {
      provide: 'housekeeping',
      inject: [Database, ServiceLogger],
      useFactory: (database: Database, logger: ServiceLogger) =>
        periodically('authn.housekeeping', housekeeping, logger, () => forgetFullBuckets(database)),
    },
  ],
})
class AuthnModule {}

export const authnService = defineService({
  name: 'authn',
  module: AuthnModule,
  migrations,
  afterRestore,
  keyring: ['form'],
  errorPage: failurePage,
});
