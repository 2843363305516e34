import type { Client } from '../../../client.js';
import type { Micros } from '../../../clock.js';

export interface ClientCredentialsIssue {
  readonly client: Client;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly tokenId: string;
}

export type ClientCredentialsResult =
  | {
      readonly outcome: 'recorded';
      readonly instance: string;
      readonly since: Micros;
      readonly statusIndex?: number | undefined;
    }
  /** A revocation floor lies over client or tenant. */
  | { readonly outcome: 'dead' };

/** Records that a token is about to be issued. There is no row to spend. */
export interface ClientCredentialsStore {
  record(issue: ClientCredentialsIssue): Promise<ClientCredentialsResult>;
}
