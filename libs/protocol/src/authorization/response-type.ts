import { responseTypes } from '../client.js';
import type { Client, ResponseType } from '../client.js';
import { clientPolicy } from '../client-policy.js';
import type { RequestParameters } from '../parameters.js';

/** What the authorization endpoint itself hands out for a response type. */
export interface ResponseParts {
  readonly code: boolean;
  readonly idToken: boolean;
  readonly token: boolean;
}

const wordsOf = (responseType: string): readonly string[] => responseType.split(' ');

export const responseParts = (responseType: string): ResponseParts => {
  const words = wordsOf(responseType);
  return { code: words.includes('code'), idToken: words.includes('id_token'), token: words.includes('token') };
};

/** Of a request that may still turn out to be wrong; one without a response_type asks for nothing. */
export const requestedParts = (parameters: RequestParameters): ResponseParts =>
  responseParts(parameters.get('response_type') ?? '');

/** RFC 6749 section 3.1.1: the order of the words does not matter. Undefined for what is none of ours. */
export const parseResponseType = (text: string): ResponseType | undefined => {
  const inOrder = (responseType: string) => [...wordsOf(responseType)].sort().join(' ');
  return responseTypes.find((responseType) => inOrder(responseType) === inOrder(text));
};

/**
 * OpenID Connect Dynamic Client Registration 1.0 section 2: a response type is open to a client that registered it, with
 * `authorization_code` for a code and `implicit` for tokens. One whose ID tokens are unsigned gets none of them here, and one whose access tokens
 * are bound to a key (RFC 9449 section 5.2) none of those, since nobody proves a key here.
 */
export const mayUseResponseType = (client: Client, responseType: ResponseType): boolean => {
  const { code, idToken, token } = responseParts(responseType);
  return (
    client.responseTypes.includes(responseType) &&
    (!code || client.grantTypes.includes('authorization_code')) &&
    (!(idToken || token) || (client.grantTypes.includes('implicit') && !clientPolicy(client).codeAlone)) &&
    (!idToken || client.idTokenSignedResponseAlg !== 'none') &&
    (!token || client.dpopBoundAccessTokens !== true)
  );
};
