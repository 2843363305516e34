import * as client from 'openid-client';
import { UnknownSignIn } from './sign-in.js';

/** A failure as the person in front of the page should read it. */
export interface Failure {
  readonly status: number;
  readonly title: string;
  readonly advice: string;
  /** The error of the protocol, where there is one. */
  readonly code: string | undefined;
  readonly description: string | undefined;
}

export function failureOf(error: unknown, issuer: string): Failure {
  if (error instanceof UnknownSignIn) {
    return {
      status: 400,
      title: 'This browser did not start that sign-in',
      advice:
        'It may have been finished already, or begun in another browser or under another host name. Please start again.',
      code: undefined,
      description: undefined,
    };
  }
  // The provider sent the browser back with an error instead of a code.
  if (error instanceof client.AuthorizationResponseError) {
    const denied = error.error === 'access_denied';
    return {
      status: denied ? 200 : 400,
      title: denied ? 'You did not allow it' : 'The provider could not sign you in',
      advice: denied
        ? 'Nothing was shared with this application. You can start again whenever you like.'
        : 'Please start again.',
      code: error.error,
      description: error.error_description,
    };
  }
  // The token endpoint refused.
  if (error instanceof client.ResponseBodyError) {
    const expired = error.error === 'invalid_grant';
    return {
      status: 502,
      title: expired ? 'The provider no longer accepts this sign-in' : 'The provider refused this application',
      advice: expired
        ? 'The code or refresh token has expired, was used already, or was revoked. Please sign in again.'
        : 'Check the client’s registration: its id, its secret, its grant types and its redirect URI.',
      code: error.error,
      description: error.error_description,
    };
  }
  // A resource, here userinfo, refused the access token.
  if (error instanceof client.WWWAuthenticateChallengeError) {
    const parameters = error.cause[0]?.parameters;
    return {
      status: 502,
      title: 'The provider did not accept the access token',
      advice: 'It has expired or was revoked. Refresh it, or sign in again.',
      code: parameters?.error,
      description: parameters?.error_description,
    };
  }
  return {
    status: 502,
    title: 'The provider did not answer as it should',
    advice: `Is it running at ${issuer}? This page can simply be tried again.`,
    code: error instanceof client.ClientError ? error.code : undefined,
    description: reasons(error).join(': '),
  };
}

/** The messages of an error and its causes: "fetch failed" alone helps nobody. */
function reasons(error: unknown): readonly string[] {
  if (error instanceof AggregateError) return reasons(error.errors[0]);
  if (!(error instanceof Error)) return [];
  return [error.message, ...reasons(error.cause)];
}
