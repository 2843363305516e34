import { deviceCodeId, digest } from '@signet/contracts';
import { authorizationRequestSchema } from '@signet/protocol';
import { z } from 'zod';

/** What a device asks for, as it is sealed into the pages of who approves it: a request of no redirect_uri and no response. */
export const deviceRequestSchema = authorizationRequestSchema
  .omit({ redirectUri: true, responseType: true, responseMode: true })
  .extend({
    device: z.object({
      deviceCodeId,
      userCodeHash: digest,
      /** As it is shown, for comparison: the person has typed it, and their browser alone can open it. */
      userCode: z.string(),
    }),
  });
export type DeviceRequest = z.infer<typeof deviceRequestSchema>;

/** Of a person at their account page: no client asks for anything. */
export const accountRequestSchema = z.object({ account: z.literal(true), uiLocales: z.array(z.string()) });
export type AccountRequest = z.infer<typeof accountRequestSchema>;

/** A device's first: it is the one that says so. */
export const interactionRequestSchema = z.union([deviceRequestSchema, authorizationRequestSchema]);
export type InteractionRequest = z.infer<typeof interactionRequestSchema>;

export const signInRequestSchema = z.union([accountRequestSchema, interactionRequestSchema]);
export type SignInRequest = z.infer<typeof signInRequestSchema>;
