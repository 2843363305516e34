import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type Installation, type ServiceName } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import { examineNats, type NatsFacts } from '@signet/messaging';
import { examineDatabase, type DatabaseFacts } from '@signet/persistence';
import { AddedAuthorities, installationOf, loadConfiguration, type Configuration, type Loaded } from '@signet/service';
import type { CommandContext } from '../command.js';
import { keyringOf } from '../keyring-files.js';
import { natsTlsOf } from '../operator.js';
import { services } from '../services.js';
import { examineIssuer, type IssuerFacts } from './issuer-facts.js';
import { within } from './within.js';

/** A look that came to something, or why it did not. */
export type Look<T> = { readonly facts: T } | { readonly reason: string };

/** What the checks look at: each thing once, when the first of them asks for it. */
export class Examined {
  readonly #looks = new Map<string, Promise<Look<unknown>>>();

  constructor(readonly environment: CommandContext['environment']) {}

  /** Services with a database or a NATS in this environment. */
  get services(): readonly ServiceName[] {
    return serviceNames.filter(
      (name) => this.urlOf('DATABASE_URL', name) !== undefined || this.urlOf('NATS_URL', name) !== undefined,
    );
  }

  urlOf(kind: 'DATABASE_URL' | 'NATS_URL', service: ServiceName): string | undefined {
    return this.environment[`${kind}_${service.toUpperCase()}`] || this.environment[kind] || undefined;
  }

  get issuer(): string {
    return (this.environment['SIGNET_ISSUER'] || `http://localhost:${this.environment['PORT'] || '3000'}`).replace(
      /\/$/,
      '',
    );
  }

  /** As a process of all these services would be told it. */
  get loaded(): Loaded {
    return loadConfiguration(this.environment, this.services);
  }

  get configuration(): Configuration | undefined {
    const { loaded } = this;
    return 'ok' in loaded ? loaded.ok : undefined;
  }

  /** Undefined where the keyring cannot be read, of which its own check tells. */
  async installation(): Promise<Installation | undefined> {
    const found = await this.keyring;
    return 'facts' in found ? installationOf(this.issuer, found.facts) : undefined;
  }

  get keyring(): Promise<Look<Keyring>> {
    return this.#once('keyring', () => keyringOf(this));
  }

  /** What the issuer may show beside the public authorities: the setting's, or that of a quick start with TLS. */
  get authorities(): AddedAuthorities | undefined {
    const own = join(this.environment['SIGNET_DATA'] || '.data', 'tls', 'ca.pem');
    const file = this.environment['SIGNET_OUTBOUND_CA'] || (existsSync(own) ? own : undefined);
    try {
      return file === undefined ? undefined : new AddedAuthorities(file);
    } catch {
      return undefined;
    }
  }

  /** Undefined where the service has no URL. */
  database(service: ServiceName): Promise<Look<DatabaseFacts>> | undefined {
    const url = this.urlOf('DATABASE_URL', service);
    if (url === undefined) return undefined;
    const migrations = services.find(({ name }) => name === service)?.migrations ?? [];
    const others = serviceNames.filter((name) => name !== service);
    return this.#once(`database ${service}`, () => examineDatabase({ url, service, migrations, others }));
  }

  nats(service: ServiceName): Promise<Look<NatsFacts>> | undefined {
    const url = this.urlOf('NATS_URL', service);
    if (url === undefined) return undefined;
    return this.#once(`nats ${service}`, () => examineNats({ url, service, tls: natsTlsOf(this.environment) }));
  }

  get public(): Promise<Look<IssuerFacts>> {
    return this.#once('issuer', () => examineIssuer(this.issuer, this.authorities));
  }

  #once<T>(name: string, look: () => Promise<T>): Promise<Look<T>> {
    const known = this.#looks.get(name) as Promise<Look<T>> | undefined;
    if (known) return known;
    const made = within(look()).then(
      (facts) => ({ facts }),
      (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
    );
    this.#looks.set(name, made);
    return made;
  }
}
