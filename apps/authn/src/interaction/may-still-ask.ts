import {
  clientPolicy,
  covers,
  DEVICE_CODE_GRANT_TYPE,
  isRegisteredRedirectUri,
  mayUseResponseType,
  responseParts,
  type AuthorizationRequest,
  type Client,
} from '@signet/protocol';
import type { InteractionRequest } from './interaction-request.js';

/** Whether a client, as it is by now, may still ask for what it asked for validly when the request came in. */
export function mayStillAsk(client: Client, request: InteractionRequest): boolean {
  if (!client.enabled || !covers(client.scopes, request.scopes)) return false;
  return 'device' in request ? client.grantTypes.includes(DEVICE_CODE_GRANT_TYPE) : mayStillAuthorize(client, request);
}

function mayStillAuthorize(client: Client, request: AuthorizationRequest): boolean {
  const { redirectUri, responseType, codeChallenge, pushed, byObject } = request;
  const { requirePkce, requirePushedRequest, requireSignedRequestObject } = clientPolicy(client);
  return (
    isRegisteredRedirectUri(redirectUri, client) &&
    mayUseResponseType(client, responseType) &&
    !(requirePkce && responseParts(responseType).code && codeChallenge === undefined) &&
    !(requirePushedRequest && pushed === undefined) &&
    !(requireSignedRequestObject && byObject !== true)
  );
}
