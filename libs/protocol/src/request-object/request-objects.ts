import type { Client } from '../client.js';
import type { Result } from '../result.js';

/** By value (OpenID Connect Core 1.0 section 6.1) or by reference (section 6.2, RFC 9126 section 4). */
export type AskedRequest = { readonly request: string } | { readonly requestUri: string };

/** A pushed request as its row is found: kind, tenant and client come from whoever asks. */
export interface PushedReference {
  readonly id: string;
  /** base64url SHA-256 of the secret. */
  readonly secretHash: string;
}

/** What a request object, or a pushed request, asks for. */
export interface ResolvedRequest {
  /** Values as text, by name; only `resource` may have several. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** Where it was pushed: what is spent with the code. */
  readonly pushed?: PushedReference | undefined;
}

/**
 * Opens, verifies and reads a request object of a client, or finds what it has pushed. Errors are invalid_request_object,
 * invalid_request_uri and their like. It does not check what is asked for.
 */
export interface RequestObjects {
  resolve(client: Client, asked: AskedRequest): Promise<Result<ResolvedRequest>>;
}
