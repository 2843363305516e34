import type { GrantType, RegisteredClient } from '../client.js';
import type { RequestParameters } from '../parameters.js';
import type { Result } from '../result.js';
import type { Authorization } from './authorization.js';

/** What the endpoint has settled before a grant is asked. */
export interface GrantContext extends RegisteredClient {
  readonly issuer: string;
  readonly parameters: RequestParameters;
  /** From the `scope` parameter, well-formed; undefined where it was not sent. */
  readonly requestedScopes: readonly string[] | undefined;
  /** From `resource` (RFC 8707 section 2.2), each one registered in this tenant and open to the client. */
  readonly requestedResources: readonly string[];
  /** Thumbprint of the key that the request proved to hold (RFC 9449); undefined for bearer tokens. */
  readonly jkt: string | undefined;
  /** The `jti` that the grant's statement has to record. */
  readonly tokenId: string;
}

/**
 * One grant type: a folder and a line in the registry. `parameters` are the ones that must be there. `handle` checks all
 * that can be checked, spends the right in one statement of its port, and says what may be issued.
 */
export interface Grant {
  readonly grantType: GrantType;
  readonly parameters: readonly string[];
  handle(context: GrantContext): Promise<Result<Authorization>>;
}
