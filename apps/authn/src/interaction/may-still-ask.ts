import {
  clientPolicy,
  covers,
  DEVICE_CODE_GRANT_TYPE,
  isRegisteredRedirectUri,
  mayUseResponseType,
  openResources,
  responseParts,
  type AuthorizationRequest,
  type Client,
  type RegisteredClient,
} from '@signet/protocol';
import type { InteractionRequest } from './interaction-request.js';

/** Whether a client, as it is by now, may still ask for what it asked for validly when the request came in. */
export function mayStillAsk(registered: RegisteredClient, request: InteractionRequest): boolean {
  const { client } = registered;
  if (!client.enabled || !covers(client.scopes, request.scopes)) return false;
  if (!covers(openResources(registered), request.resources)) return false;
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
    !(requireSignedRequestObject && byObject === false)
  );
}
