import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client';
import type { Tokens } from './sessions.js';

/** The tokens of a response; a refresh may leave out those that stay as they were (RFC 6749 section 6). */
export function tokensOf(response: TokenEndpointResponse & TokenEndpointResponseHelpers, before?: Tokens): Tokens {
  const seconds = response.expiresIn();
  return {
    accessToken: response.access_token,
    idToken: response.id_token ?? before?.idToken ?? '',
    refreshToken: response.refresh_token ?? before?.refreshToken,
    scope: response.scope ?? before?.scope,
    expiresAt: seconds === undefined ? undefined : Date.now() + seconds * 1_000,
  };
}

export interface DecodedToken {
  readonly header: unknown;
  readonly payload: unknown;
}

/**
 * What a JWT says, for showing it to a person. Nothing is verified here, and an application has no business reading an
 * access token at all: it is meant for the resource server, and its form may change. Undefined for an opaque token.
 */
export function decodeForDisplay(token: string): DecodedToken | undefined {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    return { header: parsePart(header), payload: parsePart(payload) };
  } catch {
    return undefined;
  }
}

function parsePart(part: string): unknown {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  if (typeof value !== 'object' || value === null) throw new SyntaxError('Not a JSON object');
  return value;
}
