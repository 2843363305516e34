import type { RegisteredClient } from '../../client.js';
import type { RequestParameters } from '../../parameters.js';
import type { Result } from '../../result.js';

/** What a check may look at: the client and the redirect_uri are beyond doubt by then. */
export interface CheckContext extends RegisteredClient {
  readonly parameters: RequestParameters;
  readonly redirectUri: string;
}

/** Ensures one thing and hands back what it read, or the error that the client is sent. */
export type AuthorizationCheck<T> = (context: CheckContext) => Result<T>;
