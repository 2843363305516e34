import { z } from 'zod';
import { responseTypes } from '../client.js';
import { responseModes } from './response-mode.js';

/** OpenID Connect Core 1.0 section 3.1.2.1. Values that we do not know are ignored, as Initiating User Registration 1.0 section 4.1 asks. */
export const prompts = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof prompts)[number];

/**
 * A request to /authorize that has passed every check. It is a value that survives JSON, because authn seals it into the
 * page's form; whoever opens one parses it with this schema.
 */
export const authorizationRequestSchema = z.object({
  tenantId: z.string(),
  clientId: z.string(),
  redirectUri: z.string(),
  responseType: z.enum(responseTypes),
  responseMode: z.enum(responseModes),
  state: z.string().optional(),
  nonce: z.string().optional(),
  scopes: z.array(z.string()),
  /** Always of the method S256; with a code alone. */
  codeChallenge: z.string().optional(),
  /** RFC 9449 section 10: the key that the code is bound to. */
  dpopJkt: z.string().optional(),
  prompt: z.array(z.enum(prompts)),
  /** Seconds: what was asked for, else the client's default. */
  maxAge: z.int().nonnegative().optional(),
  loginHint: z.string().optional(),
  /** As sent; nobody has verified it yet. */
  idTokenHint: z.string().optional(),
  acrValues: z.array(z.string()),
  uiLocales: z.array(z.string()),
  resources: z.array(z.string()),
  /** Micros. An authentication from then on answers prompt=login and max_age. */
  receivedAt: z.int().nonnegative(),
});
export type AuthorizationRequest = z.infer<typeof authorizationRequestSchema>;
