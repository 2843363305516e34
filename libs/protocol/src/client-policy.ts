import { isPublicClient } from './client.js';
import type { Client } from './client.js';

export interface ClientPolicy {
  /** RFC 9700 section 2.1.1: public clients MUST use PKCE. */
  readonly requirePkce: boolean;
  /** FAPI 2.0 Security Profile section 5.3.2.2: requests come by PAR only. */
  readonly requirePushedRequest: boolean;
  /** FAPI 2.0 Security Profile section 5.3.2.2: the response type is code. */
  readonly codeAlone: boolean;
  /** RFC 9449 section 5.2; FAPI 2.0 Security Profile section 5.3.2.1: only sender-constrained access tokens. */
  readonly requireDpop: boolean;
  /** RFC 9101 section 10.5, FAPI 2.0 Message Signing section 5.3.1: the signed request object alone says what is asked for. */
  readonly requireSignedRequestObject: boolean;
  /** FAPI 2.0 Message Signing section 5.3.1: a request object has aud, exp and nbf, and lives an hour at most. */
  readonly datedRequestObject: boolean;
  /** FAPI 2.0 Security Profile section 5.3.2.1: `aud` of a client assertion is the issuer, as a string. */
  readonly issuerAudienceAlone: boolean;
}

/** The one reader of a client's `profile`. */
export const clientPolicy = (client: Client): ClientPolicy => {
  const fapi = client.profile !== 'oidc';
  const signed = client.profile === 'fapi2-message-signing';
  return {
    requirePkce: fapi || client.requirePkce || isPublicClient(client),
    // RFC 9126 section 6.
    requirePushedRequest: fapi || client.requirePushedAuthorizationRequests === true,
    requireSignedRequestObject: signed || client.requireSignedRequestObject === true,
    datedRequestObject: signed,
    issuerAudienceAlone: fapi,
    codeAlone: fapi,
    requireDpop: fapi || client.dpopBoundAccessTokens === true,
  };
};
