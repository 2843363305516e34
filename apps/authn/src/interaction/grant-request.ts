import type { claimsWithin } from '@signet/claims';
import type { Authentication, CodeId, FrontChannel, issueGrant } from '@signet/contracts';
import { leftHalfHash, sha256Text } from '@signet/keys';
import {
  formatAuthorizationCode,
  responseParts,
  type AuthorizationRequest,
  type Client,
  type ResponseParts,
} from '@signet/protocol';
import type { z } from 'zod';

/** A code that has been made and that nobody has yet. */
export interface NewCode {
  readonly id: CodeId;
  readonly secret: string;
}

export type Consent = 'first_party' | 'remembered' | 'approved';

/** What token is asked to issue; code and state themselves stay here. */
export function grantRequest(input: {
  readonly request: AuthorizationRequest;
  readonly client: Client;
  readonly authentication: Authentication;
  readonly code: NewCode | undefined;
  readonly consent: Consent;
  readonly claims: ReturnType<typeof claimsWithin>;
}): Omit<z.input<typeof issueGrant.request>, 'tenantId' | 'context'> {
  const { request, client, authentication, code, consent, claims } = input;
  const front = frontChannel(responseParts(request.responseType), request, client, code);
  return {
    clientId: client.clientId,
    clientVersion: client.version,
    authentication,
    redirectUri: request.redirectUri,
    scopes: request.scopes,
    resources: request.resources,
    ...(request.nonce !== undefined && { nonce: request.nonce }),
    ...(request.codeChallenge !== undefined && { codeChallenge: request.codeChallenge }),
    ...(request.dpopJkt !== undefined && { dpopJkt: request.dpopJkt }),
    ...(code && { code: { id: code.id, hash: sha256Text(code.secret) } }),
    ...(front && { front }),
    ...(claims.agreed.length > 0 && {
      claims: { ...claims, idToken: [...claims.idToken], userinfo: [...claims.userinfo], agreed: [...claims.agreed] },
    }),
    ...(request.pushed !== undefined && { pushed: request.pushed }),
    consent,
  };
}

/** OpenID Connect Core section 3.3.2.11: what the ID token is to vouch for is hashed by its own algorithm. */
function frontChannel(
  parts: ResponseParts,
  { state }: AuthorizationRequest,
  { idTokenSignedResponseAlg: alg }: Client,
  code: NewCode | undefined,
): FrontChannel | undefined {
  if (!parts.idToken || alg === 'none') return parts.token ? { accessToken: true } : undefined;
  return {
    accessToken: parts.token,
    idToken: {
      alg,
      ...(code && { cHash: leftHalfHash(alg, formatAuthorizationCode(code)) }),
      ...(state !== undefined && { sHash: leftHalfHash(alg, state) }),
    },
  };
}
