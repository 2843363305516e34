import { Global, Module, type DynamicModule, type ValueProvider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Keyring } from '@signet/keys';
import { Requester } from '@signet/messaging';
import { Database, DatabaseClock } from '@signet/persistence';
import { ServiceConfiguration } from './configuration/service-configuration.js';
import { DirectoryCopies } from './copies/directory-copies.js';
import type { ServiceDefinition } from './definition.js';
import { EventFactory } from './events/event-factory.js';
import { FailureLog } from './events/failure-log.js';
import { outboxConfirmation } from './events/outbox-confirmation.js';
import { FloorRaiser } from './floors/floor-raiser.js';
import { ErrorFilter } from './http/error-filter.js';
import { LongAnswers } from './http/long-answers.js';
import { RefusedCalls } from './management/refused-calls.js';
import { AccessTokenChecks, Authorities, RemoteAccessTokenChecks, RemoteAuthorities } from './management/ports.js';
import { resealing } from './sealing/resealing.js';
import { TenantLookup } from './tenancy/tenant-lookup.js';
import { RateLimits } from './limits/rate-limits.js';
import { NatsLink } from './nats-link.js';
import { Metrics } from './observability/metrics.js';
import { ServiceLogger } from './observability/service-logger.js';
import type { ServiceSpans } from './observability/service-spans.js';
import { ClientKeys } from './outbound/client-keys.js';
import { OutboundFetch } from './outbound/outbound-fetch.js';
import { Hasher } from './passwords/hasher.js';

/** What every service has for its own; each is injected by its class. */
export interface ServiceParts {
  readonly configuration: ServiceConfiguration;
  readonly logger: ServiceLogger;
  readonly metrics: Metrics;
  /** Absent where no collector is named. */
  readonly spans: ServiceSpans | undefined;
  readonly keyring: Keyring;
  readonly database: Database;
  readonly link: NatsLink;
  readonly events: EventFactory;
  readonly failures: FailureLog;
  readonly copies: DirectoryCopies;
  readonly floors: FloorRaiser;
  readonly limits: RateLimits;
  readonly hasher: Hasher;
  readonly outbound: OutboundFetch;
  readonly clientKeys: ClientKeys;
  readonly longAnswers: LongAnswers;
  readonly errorFilter: ErrorFilter;
}

@Global()
@Module({})
class ServiceModule {}

/** The module around a service's own: its parts for everybody, the error filter, the handler of outbox confirmations. */
export function serviceModule({ name, module, sealed }: ServiceDefinition, parts: ServiceParts): DynamicModule {
  const provided: ValueProvider[] = [
    { provide: ServiceConfiguration, useValue: parts.configuration },
    { provide: ServiceLogger, useValue: parts.logger },
    { provide: Metrics, useValue: parts.metrics },
    { provide: Keyring, useValue: parts.keyring },
    { provide: Database, useValue: parts.database },
    { provide: DatabaseClock, useValue: parts.database.clock },
    { provide: NatsLink, useValue: parts.link },
    // The link sends as a Requester does, and can also say that there is no connection yet.
    { provide: Requester, useValue: parts.link },
    { provide: EventFactory, useValue: parts.events },
    { provide: FailureLog, useValue: parts.failures },
    { provide: DirectoryCopies, useValue: parts.copies },
    { provide: TenantLookup, useValue: parts.copies },
    { provide: AccessTokenChecks, useValue: new RemoteAccessTokenChecks(parts.link) },
    { provide: Authorities, useValue: new RemoteAuthorities(parts.link) },
    { provide: RefusedCalls, useValue: new RefusedCalls(parts.failures, name) },
    { provide: FloorRaiser, useValue: parts.floors },
    { provide: RateLimits, useValue: parts.limits },
    { provide: LongAnswers, useValue: parts.longAnswers },
    { provide: Hasher, useValue: parts.hasher },
    { provide: OutboundFetch, useValue: parts.outbound },
    { provide: ClientKeys, useValue: parts.clientKeys },
  ];
  return {
    module: ServiceModule,
    global: true,
    imports: [module],
    controllers: [outboxConfirmation(name)],
    providers: [
      ...provided,
      { provide: APP_FILTER, useValue: parts.errorFilter },
      ...(sealed ? [{ provide: 'sealing anew', useFactory: () => resealing(sealed, parts) }] : []),
    ],
    exports: provided.map(({ provide }) => provide),
  };
}
