import type { Provider } from '@nestjs/common';
import { Database, DatabaseClock } from '@signet/persistence';
import { DirectoryCopies, EventFactory, OutboundFetch } from '@signet/service';
import { VerifiedClientJwts } from '../client-authentication/verified-client-jwts.js';
import { Floors } from '../floors/floors.js';
import { KeySets } from '../keys/key-sets.js';
import { Dpop } from '../dpop/dpop.js';
import { PushedRequests } from '../pushed-requests/pushed-requests.js';
import { objectCryptography } from './object-cryptography.js';
import { ReferencedObjects } from './referenced-objects.js';
import { RequestResolver } from './request-resolver.js';

/** Request objects, and requests that are pushed. */
export const requestProviders: Provider[] = [
  {
    provide: RequestResolver,
    inject: [DatabaseClock, VerifiedClientJwts, KeySets, OutboundFetch],
    useFactory: (clock: DatabaseClock, jwts: VerifiedClientJwts, keys: KeySets, outbound: OutboundFetch) =>
      new RequestResolver({
        clock,
        cryptographyOf: ({ id }) => objectCryptography(jwts, keys, id),
        referenced: new ReferencedObjects(outbound),
      }),
  },
  {
    provide: PushedRequests,
    inject: [Database, DatabaseClock, DirectoryCopies, Floors, EventFactory, KeySets, RequestResolver, Dpop],
    useFactory: (
      database: Database,
      clock: DatabaseClock,
      copies: DirectoryCopies,
      floors: Floors,
      events: EventFactory,
      keys: KeySets,
      resolver: RequestResolver,
      dpop: Dpop,
    ) => new PushedRequests({ database, clock, copies, floors, events, keys, resolver, dpop }),
  },
];
