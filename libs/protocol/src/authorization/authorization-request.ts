import { z } from 'zod';
import { responseTypes } from '../client.js';
import { responseModes } from './response-mode.js';

/** OpenID Connect Core 1.0 section 3.1.2.1. Values that we do not know are ignored, as Initiating User Registration 1.0 section 4.1 asks. */
export const prompts = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof prompts)[number];

/** Section 3.1.2.1. */
export const displays = ['page', 'popup', 'touch', 'wap'] as const;
export type Display = (typeof displays)[number];

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
  /** Who it has to be, as this client sees them, by id_token_hint or by the claim `sub`; absent: anybody. */
  subjects: z.array(z.string()).optional(),
  /** In the order of preference; voluntary (section 5.5.1.1). */
  acrValues: z.array(z.string()),
  /** One of these has to be met; absent: any will do. */
  essentialAcr: z.array(z.string()).optional(),
  /** Names that the claims parameter asks for; nobody has looked whether the client may have them. */
  claims: z.object({ userinfo: z.array(z.string()), idToken: z.array(z.string()) }),
  display: z.enum(displays).optional(),
  uiLocales: z.array(z.string()),
  resources: z.array(z.string()),
  /** Micros. An authentication from then on answers prompt=login and max_age. */
  receivedAt: z.int().nonnegative(),
  /** RFC 9126: the pushed request that it came of, which is spent with the code. */
  pushed: z.object({ id: z.string(), secretHash: z.string() }).optional(),
  /** Whether a request object, signed or not, or a pushed request said what is asked for; absent where whoever sealed it did not keep that. */
  byObject: z.boolean().optional(),
});
export type AuthorizationRequest = z.infer<typeof authorizationRequestSchema>;

/** What of a request says how the person is asked; a device's request has it too, and is answered by no redirect. */
export type AskingRequest = Omit<AuthorizationRequest, 'redirectUri' | 'responseType' | 'responseMode'>;
