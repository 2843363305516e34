import { Module } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database, DatabaseClock } from '@signet/persistence';
import {
  AccessTokenChecks,
  ClientKeys,
  DirectoryCopies,
  EventFactory,
  FailureLog,
  idempotencySweep,
  Metrics,
  periodically,
  RateLimits,
  ServiceLogger,
} from '@signet/service';
import { AccessTokenCheck } from './access-tokens/access-token-check.js';
import { AccessTokens } from './access-tokens/access-tokens.js';
import { AccessTokensController } from './access-tokens/access-tokens.controller.js';
import { Accounts } from './access-tokens/accounts.js';
import { ClientProofs } from './client-authentication/client-proofs.js';
import { clientAuthenticationProviders } from './client-authentication/providers.js';
import { DeviceAuthorizationController } from './devices/device-authorization.controller.js';
import { DevicesController } from './devices/devices.controller.js';
import { DiscoveryController, JwksController } from './discovery/discovery.controller.js';
import { Dpop } from './dpop/dpop.js';
import { ErasureController } from './erasure/erasure.controller.js';
import { floorPolling } from './floors/floor-polling.js';
import { Floors } from './floors/floors.js';
import { measuredFloors } from './floors/measured-floors.js';
import { FloorsController } from './floors/floors.controller.js';
import { Revocations } from './floors/revocations.js';
import { FloorStore } from './floors/store/floor-store.js';
import { RevocationOperations } from './floors/revocation-operations.controller.js';
import { FrontChannel } from './grants/front-channel.js';
import { GrantOperations } from './grants/grant-operations.controller.js';
import { GrantWithdrawals } from './grants/grant-withdrawals.js';
import { GrantsController } from './grants/grants.controller.js';
import { OwnGrantsController } from './grants/own-grants.controller.js';
import { ClientBuckets } from './http/client-buckets.js';
import { ClientRequests } from './http/client-requests.js';
import { Refusals } from './http/refusals.js';
import { IntrospectionController } from './introspection/introspection.controller.js';
import { KeyOperations } from './keys/key-operations.controller.js';
import { keyRotation } from './keys/key-rotation.js';
import { KeySets } from './keys/key-sets.js';
import { KeysController } from './keys/keys.controller.js';
import { LogoutTokens } from './logout-tokens/logout-tokens.js';
import { LogoutTokensController } from './logout-tokens/logout-tokens.controller.js';
import { ParController } from './pushed-requests/par.controller.js';
import { requestProviders } from './request-objects/providers.js';
import { RequestsController } from './request-objects/requests.controller.js';
import { RevocationController } from './revocation/revocation.controller.js';
import { TokenRevocation, type TokenRevocationParts } from './revocation/token-revocation.js';
import { statusListProviders } from './status-lists/providers.js';
import { ListedTokens } from './status-lists/listed-tokens.js';
import { StatusIndices } from './status-lists/status-indices.js';
import { StatusListsController } from './status-lists/status-lists.controller.js';
import { sweepProviders } from './sweeps/providers.js';
import { TokenController } from './token-endpoint/token.controller.js';
import { TokenEndpoint, type TokenEndpointParts } from './token-endpoint/token-endpoint.js';
import { UserinfoResponses } from './userinfo/userinfo-responses.js';
import { UserinfoController } from './userinfo/userinfo.controller.js';

/** Seconds between two readings. */
const keysEvery = 10;

@Module({
  controllers: [
    DiscoveryController,
    JwksController,
    TokenController,
    UserinfoController,
    IntrospectionController,
    RevocationController,
    ParController,
    GrantsController,
    OwnGrantsController,
    GrantOperations,
    ErasureController,
    RequestsController,
    DeviceAuthorizationController,
    DevicesController,
    FloorsController,
    RevocationOperations,
    KeysController,
    KeyOperations,
    AccessTokensController,
    LogoutTokensController,
    StatusListsController,
  ],
  providers: [
    ...clientAuthenticationProviders,
    ...requestProviders,
    ...statusListProviders,
    ...sweepProviders,
    {
      provide: FloorStore,
      inject: [Database, KeySets],
      useFactory: (database: Database, keys: KeySets) => new FloorStore(database, undefined, keys),
    },
    { provide: Floors, inject: [FloorStore, Metrics], useFactory: measuredFloors },
    {
      provide: Revocations,
      inject: [FloorStore, EventFactory, Floors],
      useFactory: (store: FloorStore, events: EventFactory, floors: Floors) =>
        new Revocations({ store, events, floors }),
    },
    {
      provide: GrantWithdrawals,
      inject: [Database, EventFactory, Revocations],
      useFactory: (database: Database, events: EventFactory, revocations: Revocations) =>
        new GrantWithdrawals({ database, events, revocations }),
    },
    {
      provide: KeySets,
      inject: [Database, Keyring, EventFactory, DatabaseClock],
      useFactory: async (database: Database, keyring: Keyring, events: EventFactory, clock: DatabaseClock) => {
        const keys = new KeySets({ database, keyring, events, clock });
        await keys.refresh();
        return keys;
      },
    },
    {
      provide: AccessTokens,
      inject: [KeySets, Keyring, DatabaseClock, Floors],
      useFactory: (keys: KeySets, keyring: Keyring, clock: DatabaseClock, floors: Floors) =>
        new AccessTokens({ keys, keyring, clock, floors }),
    },
    {
      provide: Accounts,
      inject: [DirectoryCopies, Floors],
      useFactory: (copies: DirectoryCopies, floors: Floors) => new Accounts(copies, floors),
    },
    {
      provide: FrontChannel,
      inject: [KeySets, Keyring, DatabaseClock, Accounts, DirectoryCopies, ClientKeys, Floors, StatusIndices],
      useFactory: (
        keys: KeySets,
        keyring: Keyring,
        clock: DatabaseClock,
        accounts: Accounts,
        copies: DirectoryCopies,
        clientKeys: ClientKeys,
        floors: Floors,
        indices: StatusIndices,
      ) => new FrontChannel({ keys, keyring, clock, accounts, copies, clientKeys, floors, indices }),
    },
    {
      provide: Dpop,
      inject: [Database, Keyring, DatabaseClock],
      useFactory: (database: Database, keyring: Keyring, clock: DatabaseClock) =>
        new Dpop({ database, keyring, clock }),
    },
    {
      provide: AccessTokenChecks,
      inject: [KeySets, AccessTokens, Accounts, DirectoryCopies, Floors, Dpop],
      useFactory: (
        keys: KeySets,
        tokens: AccessTokens,
        accounts: Accounts,
        copies: DirectoryCopies,
        floors: Floors,
        dpop: Dpop,
      ) => new AccessTokenCheck({ keys, tokens, accounts, copies, floors, dpop }),
    },
    { provide: Refusals, inject: [FailureLog], useFactory: (failures: FailureLog) => new Refusals(failures) },
    { provide: ClientBuckets, inject: [RateLimits], useFactory: (limits: RateLimits) => new ClientBuckets(limits) },
    {
      provide: ClientRequests,
      inject: [DirectoryCopies, Floors, ClientBuckets, ClientProofs],
      useFactory: (copies: DirectoryCopies, floors: Floors, buckets: ClientBuckets, proofs: ClientProofs) =>
        new ClientRequests(copies, floors, buckets, proofs),
    },
    {
      provide: TokenEndpoint,
      inject: [
        KeySets,
        Keyring,
        DatabaseClock,
        Accounts,
        Database,
        DirectoryCopies,
        ClientKeys,
        Floors,
        EventFactory,
        Refusals,
        ClientBuckets,
        Dpop,
        ClientProofs,
        StatusIndices,
        ListedTokens,
      ],
      useFactory: (
        keys: TokenEndpointParts['keys'],
        keyring: Keyring,
        clock: DatabaseClock,
        accounts: Accounts,
        database: Database,
        copies: DirectoryCopies,
        clientKeys: ClientKeys,
        floors: Floors,
        events: EventFactory,
        refusals: Refusals,
        buckets: ClientBuckets,
        dpop: Dpop,
        proofs: ClientProofs,
        indices: StatusIndices,
        listed: ListedTokens,
      ) =>
        new TokenEndpoint({
          keys,
          keyring,
          clock,
          accounts,
          database,
          copies,
          clientKeys,
          floors,
          events,
          refusals,
          buckets,
          dpop,
          proofs,
          indices,
          listed,
        }),
    },
    {
      provide: UserinfoResponses,
      inject: [KeySets, ClientKeys, DirectoryCopies, Floors],
      useFactory: (keys: KeySets, clientKeys: ClientKeys, copies: DirectoryCopies, floors: Floors) =>
        new UserinfoResponses({ keys, clientKeys, copies, floors }),
    },
    {
      provide: LogoutTokens,
      inject: [KeySets, DatabaseClock, DirectoryCopies, Accounts, ClientKeys, Floors],
      useFactory: (
        keys: KeySets,
        clock: DatabaseClock,
        copies: DirectoryCopies,
        accounts: Accounts,
        clientKeys: ClientKeys,
        floors: Floors,
      ) => new LogoutTokens({ keys, clock, copies, accounts, clientKeys, floors }),
    },
    {
      provide: TokenRevocation,
      inject: [Database, Keyring, EventFactory, Floors, AccessTokens, Revocations],
      useFactory: (
        database: Database,
        keyring: Keyring,
        events: EventFactory,
        floors: TokenRevocationParts['floors'],
        tokens: AccessTokens,
        revocations: Revocations,
      ) => new TokenRevocation({ database, keyring, events, floors, tokens, revocations }),
    },
    {
      provide: 'polling of floors',
      inject: [Floors, ServiceLogger],
      useFactory: floorPolling,
    },
    {
      provide: 'reading of keys',
      inject: [KeySets, ServiceLogger],
      useFactory: (keys: KeySets, logger: ServiceLogger) =>
        periodically('keys.unread', keysEvery, logger, () => keys.refresh()),
    },
    {
      provide: 'rotation of keys',
      inject: [KeySets, DirectoryCopies, DatabaseClock, ServiceLogger],
      useFactory: keyRotation,
    },
    { provide: 'sweep of idempotency keys', inject: [Database, ServiceLogger], useFactory: idempotencySweep },
  ],
})
export class TokenModule {}
