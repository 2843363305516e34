import type { ServiceName } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { FailpointSetting } from '../failpoint.js';
import type { Rates } from '../limits/rate-limits.js';
import type { Configuration, Guessing } from './configuration.js';

interface ServiceSettings {
  readonly service: ServiceName;
  readonly mode: 'development' | 'production';
  /** An origin, without a slash at its end; the default tenant's issuer. Links are made of it, never of a request. */
  readonly issuer: string;
  readonly databaseUrl: string;
  /** Milliseconds for which a connection to it is waited for. */
  readonly databasePatience: number;
  readonly natsUrl: string;
  /** Paths of PEM files. */
  readonly natsTls: Configuration['natsTls'];
  /** Of each stream; undefined: as they are. */
  readonly natsReplicas: number | undefined;
  /** The whole keyring; the service is given its purposes of it. */
  readonly keyring: Keyring;
  readonly trustedProxies: readonly string[];
  readonly outbound: Configuration['outbound'];
  readonly witnesses: Configuration['witnesses'];
  /** Path of a directory. */
  readonly auditArchive: string | undefined;
  /** Bytes. */
  readonly outboxMax: number;
  readonly auditConsumers: Configuration['auditConsumers'];
  readonly rateLimits: Rates;
  readonly guessing: Guessing;
  readonly failpoint: FailpointSetting | undefined;
  /** Accepts a database that may lose what it acknowledged. */
  readonly test: boolean;
}

/** What one service is told; injected by this class. */
export class ServiceConfiguration implements ServiceSettings {
  readonly service: ServiceName;
  readonly mode: ServiceSettings['mode'];
  readonly issuer: string;
  readonly databaseUrl: string;
  readonly databasePatience: number;
  readonly natsUrl: string;
  readonly natsTls: ServiceSettings['natsTls'];
  readonly natsReplicas: number | undefined;
  readonly keyring: Keyring;
  readonly trustedProxies: readonly string[];
  readonly outbound: ServiceSettings['outbound'];
  readonly witnesses: ServiceSettings['witnesses'];
  readonly auditArchive: string | undefined;
  readonly outboxMax: number;
  readonly auditConsumers: ServiceSettings['auditConsumers'];
  readonly rateLimits: Rates;
  readonly guessing: Guessing;
  readonly failpoint: FailpointSetting | undefined;
  readonly test: boolean;

  constructor(settings: ServiceSettings) {
    this.service = settings.service;
    this.mode = settings.mode;
    this.issuer = settings.issuer;
    this.databaseUrl = settings.databaseUrl;
    this.databasePatience = settings.databasePatience;
    this.natsUrl = settings.natsUrl;
    this.natsTls = settings.natsTls;
    this.natsReplicas = settings.natsReplicas;
    this.keyring = settings.keyring;
    this.trustedProxies = settings.trustedProxies;
    this.outbound = settings.outbound;
    this.witnesses = settings.witnesses;
    this.auditArchive = settings.auditArchive;
    this.outboxMax = settings.outboxMax;
    this.auditConsumers = settings.auditConsumers;
    this.rateLimits = settings.rateLimits;
    this.guessing = settings.guessing;
    this.failpoint = settings.failpoint;
    this.test = settings.test;
  }
}

/** A service's part of its process's configuration. Throws where it has no database or NATS URL. */
export function serviceConfiguration(
  configuration: Configuration,
  service: ServiceName,
  keyring: Keyring,
): ServiceConfiguration {
  const databaseUrl = configuration.databaseUrls[service];
  const natsUrl = configuration.natsUrls[service];
  if (databaseUrl === undefined || natsUrl === undefined) throw new Error(`${service} has no database or no NATS URL`);
  return new ServiceConfiguration({ ...configuration, service, keyring, databaseUrl, natsUrl });
}
