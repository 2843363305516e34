import type { Provider } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database, DatabaseClock } from '@signet/persistence';
import { ClientKeys } from '@signet/service';
import { ClientProofs } from './client-proofs.js';
import { VerifiedClientJwts } from './verified-client-jwts.js';

/** How clients authenticate and sign. */
export const clientAuthenticationProviders: Provider[] = [
  {
    provide: VerifiedClientJwts,
    inject: [ClientKeys, Keyring],
    useFactory: (keys: ClientKeys, keyring: Keyring) => new VerifiedClientJwts(keys, keyring),
  },
  {
    provide: ClientProofs,
    inject: [Database, DatabaseClock, VerifiedClientJwts],
    useFactory: (database: Database, clock: DatabaseClock, jwts: VerifiedClientJwts) =>
      new ClientProofs({ database, clock, jwts }),
  },
];
