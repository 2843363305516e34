import type { Client } from '../../../client.js';
import type { GrantFacts } from '../../authorization.js';
import type { RefreshToken } from '../../refresh-token.js';

export interface FamilyRotation {
  readonly client: Client;
  /** What was presented; its MAC is right. */
  readonly presented: RefreshToken;
  /** Undefined: all of the family's. Otherwise a part of them, or nothing happens. */
  readonly scopes: readonly string[] | undefined;
  /** Empty, or a part of what the family names (any, where it names none). */
  readonly resources: readonly string[];
  /** What is open to the client by now. Without `resources`, all that the family names are among them, or nothing is rotated. */
  readonly openResources: readonly string[];
  /** Of the request's DPoP proof. It must equal the family's, where the family is bound to a key (RFC 9449 section 5). */
  readonly jkt?: string | undefined;
  readonly tokenId: string;
}

export type FamilyRotationResult =
  /**
   * Rotated, or presented again within the grace and answered by the same successor. `facts.scopes` and `facts.resources`
   * are the family's own; narrowing is for this one answer (RFC 6749 section 6).
   */
  | {
      readonly outcome: 'rotated' | 'repeated';
      readonly facts: GrantFacts;
      readonly refreshToken: RefreshToken;
      readonly statusIndex?: number | undefined;
    }
  /** An older generation, whatever it asks for: the family has been ended by this statement. */
  | { readonly outcome: 'reused' }
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'ended' }
  /** Bound to another key; nothing was rotated, whatever the generation. */
  | { readonly outcome: 'key' }
  /** No such family of this client, tenant and epoch. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'dead' }
  /** The client may ask for none of the family's scopes any more, or not while nobody is there; nothing was rotated. */
  | { readonly outcome: 'unregistered' }
  /** More than was granted, or nothing that the client may ask for by now; nothing was rotated. */
  | { readonly outcome: 'scope' | 'resource' };

/** Moves a family on by one generation and records it: one statement, judged on the locked row. */
export interface RefreshFamilyStore {
  rotate(rotation: FamilyRotation): Promise<FamilyRotationResult>;
}
