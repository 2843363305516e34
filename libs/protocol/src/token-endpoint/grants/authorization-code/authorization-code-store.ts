import type { Client } from '../../../client.js';
import type { GrantFacts } from '../../authorization.js';
import type { RefreshToken } from '../../refresh-token.js';

/** Everything that the statement's WHERE has to hold against the code's row. */
export interface CodeRedemption {
  readonly client: Client;
  /** UUIDv7 at the head of the code. */
  readonly codeId: string;
  /** base64url SHA-256 of the secret behind it. */
  readonly secretHash: string;
  readonly redirectUri: string;
  /** S256 of the verifier; undefined where none was sent. Both or neither: it must equal the row's challenge. */
  readonly codeChallenge: string | undefined;
  /** Of the request's DPoP proof. It must equal the row's, where the row has one (RFC 9449 section 10). */
  readonly jkt?: string | undefined;
  /** Empty, or a part of what the row names (any, where the row names none). */
  readonly resources: readonly string[];
  /** What is open to the client by now. Without `resources`, all that the row names are among them, or nothing is spent. */
  readonly openResources: readonly string[];
  /** The `jti` that the statement records. */
  readonly tokenId: string;
  /** Whether the client may hold a refresh token; the row's scopes and session say of which kind. */
  readonly refreshable: boolean;
}

export type CodeRedemptionResult =
  | {
      readonly outcome: 'redeemed';
      readonly facts: GrantFacts;
      readonly refreshToken?: RefreshToken | undefined;
      readonly statusIndex?: number | undefined;
    }
  /**
   * Spent before. Where the client itself replays it (authenticated, or public and with the right verifier), the statement
   * has ended the instance that the code gave. Anybody else's replay is an event alone, or a leaked code would be a weapon.
   */
  | { readonly outcome: 'replayed' }
  | { readonly outcome: 'expired' }
  /** Another client, redirect_uri, verifier or key; nothing was spent. */
  | { readonly outcome: 'mismatch'; readonly binding: 'client' | 'redirect_uri' | 'code_verifier' | 'dpop_jkt' }
  /** A resource that was not asked for at /authorize, or is not open to the client any more; nothing was spent. */
  | { readonly outcome: 'resource' }
  /** The client may ask for none of the scopes any more; nothing was spent. */
  | { readonly outcome: 'unregistered' }
  | { readonly outcome: 'unknown' }
  /** A revocation floor lies over account, client, session, grant or tenant. */
  | { readonly outcome: 'dead' };

/** Spends a code, makes the grant instance and its family, and records it: one statement, in the tenant of the client. */
export interface AuthorizationCodeStore {
  redeem(redemption: CodeRedemption): Promise<CodeRedemptionResult>;
}
