import type { RegisteredClient } from '../../client.js';
import type { Result } from '../../result.js';
import type { RequestedParameters, RequestEndpoint } from '../requested-parameters.js';

/** What a check may look at: the client and the redirect_uri are beyond doubt by then. */
export interface CheckContext extends RegisteredClient, RequestedParameters {
  readonly endpoint: RequestEndpoint;
  readonly redirectUri: string;
}

/** Ensures one thing and hands back what it read, or the error that the client is sent. */
export type AuthorizationCheck<T> = (context: CheckContext) => Result<T>;
