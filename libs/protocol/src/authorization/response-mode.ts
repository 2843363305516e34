import type { RequestParameters } from '../parameters.js';
import { requestedParts } from './response-type.js';
import type { ResponseParts } from './response-type.js';

/** OAuth 2.0 Multiple Response Type Encoding Practices section 2.1; OAuth 2.0 Form Post Response Mode 1.0. */
export const responseModes = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof responseModes)[number];

/** OAuth 2.0 Multiple Response Type Encoding Practices sections 2.1, 3 and 5: the fragment, wherever tokens are returned. */
export const defaultResponseMode = ({ idToken, token }: ResponseParts): ResponseMode =>
  idToken || token ? 'fragment' : 'query';

/**
 * Whether a response of this kind may go to this redirect_uri in this mode. Sections 3 and 5: query encoding MUST NOT be
 * used for tokens. A form is posted over http(s) alone, and a browser reads `\` as `/`.
 */
export const fitsResponseMode = (mode: ResponseMode, parts: ResponseParts, redirectUri: string): boolean => {
  switch (mode) {
    case 'query':
      return !parts.idToken && !parts.token;
    case 'fragment':
      return true;
    case 'form_post':
      return /^https?:\/\/[^\\]+$/i.test(redirectUri);
  }
};

/** The mode that the request names, where it may be used. */
export const usableResponseMode = (parameters: RequestParameters, redirectUri: string): ResponseMode | undefined => {
  const parts = requestedParts(parameters);
  const asked = parameters.get('response_mode') ?? defaultResponseMode(parts);
  const mode = responseModes.find((candidate) => candidate === asked);
  return mode !== undefined && fitsResponseMode(mode, parts, redirectUri) ? mode : undefined;
};

/** Where an error goes: as the request asked, or, where that cannot be, as its response type has it. */
export const errorResponseMode = (parameters: RequestParameters, redirectUri: string): ResponseMode =>
  usableResponseMode(parameters, redirectUri) ?? defaultResponseMode(requestedParts(parameters));
