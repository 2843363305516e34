import { Injectable } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Requester } from '@signet/messaging';
import { DatabaseClock } from '@signet/persistence';
import { DirectoryCopies, ServiceConfiguration } from '@signet/service';
import { RefusedRequests } from './refused-requests.js';

/** What every step of an interaction draws on. */
@Injectable()
export class InteractionDeps {
  /** The origin; a tenant's issuer is the tenant's own. */
  readonly issuer: string;

  constructor(
    readonly requester: Requester,
    readonly copies: DirectoryCopies,
    readonly keyring: Keyring,
    readonly clock: DatabaseClock,
    readonly refusals: RefusedRequests,
    configuration: ServiceConfiguration,
  ) {
    this.issuer = configuration.issuer;
  }
}
