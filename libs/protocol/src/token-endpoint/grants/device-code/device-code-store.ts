import type { Client } from '../../../client.js';
import type { GrantFacts } from '../../authorization.js';
import type { RefreshToken } from '../../refresh-token.js';

/** Everything that the statement's WHERE has to hold against the device's row. */
export interface DevicePoll {
  readonly client: Client;
  /** UUIDv7 at the head of the device code. */
  readonly deviceCodeId: string;
  /** base64url SHA-256 of the secret behind it. */
  readonly secretHash: string;
  /** Empty, or a part of what the row names (any, where the row names none). */
  readonly resources: readonly string[];
  /** What is open to the client by now. Without `resources`, all that the row names are among them, or nothing is spent. */
  readonly openResources: readonly string[];
  /** Of the request's DPoP proof. */
  readonly jkt?: string | undefined;
  /** The `jti` that the statement records where there is something to redeem. */
  readonly tokenId: string;
  readonly refreshable: boolean;
}

export type DevicePollResult =
  | {
      readonly outcome: 'redeemed';
      readonly facts: GrantFacts;
      readonly refreshToken?: RefreshToken | undefined;
      readonly statusIndex?: number | undefined;
    }
  /** Nobody has decided yet. */
  | { readonly outcome: 'pending' }
  /** As pending, and sooner than the interval allows: it is five seconds longer from now on. */
  | { readonly outcome: 'slow_down' }
  | { readonly outcome: 'denied' }
  | { readonly outcome: 'expired' }
  /** No such device code of this client. */
  | { readonly outcome: 'unknown' }
  /**
   * Spent before, and its client brings it again: the statement has ended the instance that it gave. To have the code is to be the client, as
   * with a code's verifier: neither ever passes a browser.
   */
  | { readonly outcome: 'replayed' }
  /**
   * Spent by another poll that was under way when this one began; nothing has ended. A client that keeps to RFC 8628 section 3.5 has one poll
   * under way, and a poll that begins after its code was spent is a thief's, or shows that the answer went to one.
   */
  | { readonly outcome: 'spent' }
  /** A resource that the device did not ask for at first, or is not open to the client any more; nothing was spent. */
  | { readonly outcome: 'resource' }
  /** The client may ask for none of the scopes any more; nothing was spent. */
  | { readonly outcome: 'unregistered' }
  /** A revocation floor lies over account, client, session, grant or tenant. */
  | { readonly outcome: 'dead' };

/** Judges a poll and, once a person has approved, spends the device code, makes instance and family, and records it: one statement. */
export interface DeviceCodeStore {
  poll(poll: DevicePoll): Promise<DevicePollResult>;
}
