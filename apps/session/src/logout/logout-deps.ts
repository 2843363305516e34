import { Injectable } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database, DatabaseClock } from '@signet/persistence';
import { DirectoryCopies, ServiceConfiguration } from '@signet/service';
import { SessionEnding } from '../ending/session-ending.js';
import { PublicKeys } from './public-keys.js';

/** What a logout draws on. */
@Injectable()
export class LogoutDeps {
  readonly issuer: string;

  constructor(
    readonly database: Database,
    readonly clock: DatabaseClock,
    readonly keyring: Keyring,
    readonly copies: DirectoryCopies,
    readonly keys: PublicKeys,
    readonly ending: SessionEnding,
    configuration: ServiceConfiguration,
  ) {
    this.issuer = configuration.issuer;
  }
}
