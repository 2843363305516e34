import type { KeyManagement } from '@signet/keys';
import { AddedAuthorities } from '../outbound/added-authorities.js';
import { AwsKms } from './aws-kms.js';
import type { AwsSettings } from './aws-credentials.js';
import { KeyManagementFailure } from './failure.js';
import { GcpKms } from './gcp-kms.js';
import { parseKeyName } from './key-name.js';
import { KmsCalls } from './kms-call.js';
import { VaultTransit, type VaultSettings } from './vault-transit.js';

/** What it takes to ask each of the services; a string says what is missing. */
export interface KeyManagementSettings {
  readonly vault: VaultSettings | string;
  readonly aws: AwsSettings | string;
  readonly gcp: { readonly metadataHost: string; readonly endpoint: string };
  /** Path of a PEM file with authorities that are trusted beside the usual ones. */
  readonly authority: string | undefined;
}

/** Opens the way to a named key. Throws a KeyManagementFailure where the name or the settings cannot work; asks nobody yet. */
export type OpenKeyManagement = (name: string) => KeyManagement;

export function keyManagement(settings: KeyManagementSettings): OpenKeyManagement {
  return (name) => {
    const key = parseKeyName(name);
    const calls = new KmsCalls(authoritiesOf(settings));
    switch (key.service) {
      case 'vault':
        return new VaultTransit(key, given(settings.vault, name), calls);
      case 'aws-kms':
        return new AwsKms(key, given(settings.aws, name), calls);
      case 'gcp-kms':
        return new GcpKms(key.resource, settings.gcp, calls);
    }
  };
}

function given<S extends object>(settings: S | string, name: string): S {
  if (typeof settings !== 'string') return settings;
  throw new KeyManagementFailure('settings', `${name} cannot be asked: ${settings}`);
}

function authoritiesOf({ authority }: KeyManagementSettings): AddedAuthorities | undefined {
  if (authority === undefined) return undefined;
  try {
    return new AddedAuthorities(authority);
  } catch {
    throw new KeyManagementFailure(
      'settings',
      `SIGNET_OUTBOUND_CA names ${authority}, which holds no certificate in PEM`,
    );
  }
}
