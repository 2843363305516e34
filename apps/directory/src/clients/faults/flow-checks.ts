import { DEVICE_CODE_GRANT_TYPE } from '@signet/protocol';
import { fault, type ClientCheck } from './client-check.js';

export const someGrantType: ClientCheck = ({ grantTypes }) =>
  grantTypes.length === 0 ? fault('grantTypes', 'are none') : [];

/** RFC 6749 section 4.4.3: no refresh token comes of client_credentials; section 4.2.2: nor of the implicit grant. */
export const refreshToken: ClientCheck = ({ grantTypes }) =>
  grantTypes.includes('refresh_token') &&
  !grantTypes.includes('authorization_code') &&
  !grantTypes.includes(DEVICE_CODE_GRANT_TYPE)
    ? fault('grantTypes', 'refresh_token needs authorization_code')
    : [];

/** RFC 6749 section 4.4: "MUST only be used by confidential clients". */
export const clientCredentials: ClientCheck = ({ grantTypes, tokenEndpointAuthMethod }) =>
  grantTypes.includes('client_credentials') && tokenEndpointAuthMethod === 'none'
    ? fault('grantTypes', 'client_credentials is for confidential clients')
    : [];

/** RFC 7591 section 2.1, OpenID Connect Registration 1.0 section 2: a code comes of the grant type authorization_code. */
export const codeResponses: ClientCheck = ({ grantTypes, responseTypes }) =>
  responseTypes.some((type) => type.split(' ').includes('code')) === grantTypes.includes('authorization_code')
    ? []
    : fault('responseTypes', 'code and the grant type authorization_code need each other');

/** The same: what the authorization endpoint issues itself comes of the grant type implicit. */
export const implicitResponses: ClientCheck = ({ grantTypes, responseTypes }) =>
  responseTypes.some((type) => type !== 'code') === grantTypes.includes('implicit')
    ? []
    : fault('responseTypes', 'id_token or token and the grant type implicit need each other');

/** RFC 7591 section 2: "Clients using flows with redirection MUST register their redirection URI values." */
export const someRedirectUri: ClientCheck = ({ grantTypes, redirectUris }) => {
  const redirecting = grantTypes.find((type) => type === 'authorization_code' || type === 'implicit');
  return redirecting !== undefined && redirectUris.length === 0
    ? fault('redirectUris', `${redirecting} needs at least one`)
    : [];
};
