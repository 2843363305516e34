import { Injectable } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database, DatabaseClock } from '@signet/persistence';
import { DirectoryCopies, IdTokenHints, ServiceConfiguration } from '@signet/service';
import { SessionEnding } from '../ending/session-ending.js';

/** What a logout draws on. */
@Injectable()
export class LogoutDeps {
  readonly issuer: string;

  constructor(
    readonly database: Database,
    readonly clock: DatabaseClock,
    readonly keyring: Keyring,
    readonly copies: DirectoryCopies,
    readonly hints: IdTokenHints,
    readonly ending: SessionEnding,
    configuration: ServiceConfiguration,
  ) {
    this.issuer = configuration.issuer;
  }
}
