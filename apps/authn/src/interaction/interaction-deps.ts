import type { Keyring } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import type { DatabaseClock } from '@signet/persistence';
import type { DirectoryCopies } from '@signet/service';

/** What every step of an interaction draws on. */
export abstract class InteractionDeps {
  abstract readonly requester: Requester;
  abstract readonly copies: DirectoryCopies;
  abstract readonly keyring: Keyring;
  abstract readonly clock: DatabaseClock;
  /** The origin; a tenant's issuer is the tenant's own. */
  abstract readonly issuer: string;
}
