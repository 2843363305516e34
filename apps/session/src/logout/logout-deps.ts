import { Injectable } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Requester } from '@signet/messaging';
import { Database, type DatabaseClock } from '@signet/persistence';
import { DirectoryCopies, FailureLog, IdTokenHints, ServiceConfiguration } from '@signet/service';
import { SessionEnding } from '../ending/session-ending.js';

/** What a logout draws on. */
@Injectable()
export class LogoutDeps {
  readonly issuer: string;
  readonly clock: DatabaseClock;

  constructor(
    readonly database: Database,
    readonly keyring: Keyring,
    readonly copies: DirectoryCopies,
    readonly hints: IdTokenHints,
    readonly ending: SessionEnding,
    readonly requester: Requester,
    readonly failures: FailureLog,
    configuration: ServiceConfiguration,
  ) {
    this.issuer = configuration.issuer;
    this.clock = database.clock;
  }
}
