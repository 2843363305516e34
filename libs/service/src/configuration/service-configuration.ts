import type { ServiceName } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { FailpointSetting } from '../failpoint.js';
import type { Rates } from '../limits/rate-limits.js';
import type { Configuration, Guessing } from './configuration.js';

/** What one service is told; injectable by this class. Plain objects of this shape will do. */
export abstract class ServiceConfiguration {
  abstract readonly service: ServiceName;
  abstract readonly mode: 'development' | 'production';
  /** An origin, without a slash at its end; the default tenant's issuer. Links are made of it, never of a request. */
  abstract readonly issuer: string;
  abstract readonly databaseUrl: string;
  abstract readonly natsUrl: string;
  /** Path of a PEM file. */
  abstract readonly natsAuthority: string | undefined;
  /** The whole keyring; the service is given its purposes of it. */
  abstract readonly keyring: Keyring;
  abstract readonly trustedProxies: readonly string[];
  abstract readonly outbound: { readonly allow: readonly string[]; readonly authority: string | undefined };
  /** Bytes. */
  abstract readonly outboxMax: number;
  abstract readonly rateLimits: Rates;
  abstract readonly guessing: Guessing;
  abstract readonly failpoint: FailpointSetting | undefined;
  /** Accepts a database that may lose what it acknowledged. */
  abstract readonly test: boolean;
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
  const { mode, issuer, natsAuthority, trustedProxies, outbound, outboxMax, rateLimits, guessing, failpoint, test } =
    configuration;
  return {
    ...{ service, mode, issuer, databaseUrl, natsUrl, natsAuthority, keyring, trustedProxies, outbound },
    ...{ outboxMax, rateLimits, guessing, failpoint, test },
  };
}
