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
}

/** The one reader of a client's `profile`. */
export const clientPolicy = (client: Client): ClientPolicy => {
  switch (client.profile) {
    case 'oidc':
      return {
        requirePkce: client.requirePkce || isPublicClient(client),
        requirePushedRequest: false,
        codeAlone: false,
        requireDpop: client.dpopBoundAccessTokens === true,
      };
    case 'fapi2-security':
    case 'fapi2-message-signing':
      return { requirePkce: true, requirePushedRequest: true, codeAlone: true, requireDpop: true };
  }
};
