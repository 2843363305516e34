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
  /** Of the request's DPoP proof. */
  readonly jkt?: string | undefined;
  /** The `jti` that the statement records where there is something to redeem. */
  readonly tokenId: string;
  readonly refreshable: boolean;
}

export type DevicePollResult =
  | { readonly outcome: 'redeemed'; readonly facts: GrantFacts; readonly refreshToken?: RefreshToken | undefined }
  /** Nobody has decided yet. */
  | { readonly outcome: 'pending' }
  /** As pending, and sooner than the interval allows: it is five seconds longer from now on. */
  | { readonly outcome: 'slow_down' }
  | { readonly outcome: 'denied' }
  | { readonly outcome: 'expired' }
  /** No such device code of this client, or a spent one. */
  | { readonly outcome: 'unknown' | 'spent' }
  /** A resource that the device did not ask for at first; nothing was spent. */
  | { readonly outcome: 'resource' }
  /** A revocation floor lies over account, client, session, grant or tenant. */
  | { readonly outcome: 'dead' };

/** Judges a poll and, once a person has approved, spends the device code, makes instance and family, and records it: one statement. */
export interface DeviceCodeStore {
  poll(poll: DevicePoll): Promise<DevicePollResult>;
}
