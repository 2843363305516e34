import type { Client } from '../client.js';

/** What a device asks for, before anybody has said a word about it. */
export interface DeviceAuthorization {
  readonly client: Client;
  readonly deviceCodeId: string;
  /** base64url SHA-256 of the secret of the device code. */
  readonly secretHash: string;
  readonly userCodeHash: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** Seconds. */
  readonly expiresIn: number;
  readonly interval: number;
}

export type DeviceAuthorizationResult =
  | { readonly outcome: 'begun' }
  /** Another device shows this user code at the moment. */
  | { readonly outcome: 'taken' };

/** Keeps what a device asks for and records it: one statement. */
export interface DeviceAuthorizationStore {
  begin(authorization: DeviceAuthorization): Promise<DeviceAuthorizationResult>;
}
