import { micros, plusSeconds, sessionId, type Micros } from '@signet/contracts';
import { z } from 'zod';

/** Seconds that a person has to say yes. */
const lifetime = 600;

const confirmation = z.object({
  /** The one that was asked about: whoever signs in meanwhile has not been. */
  sessionId,
  redirectTo: z.string().optional(),
  uiLocales: z.string().optional(),
  expiresAt: micros,
});
export type Confirmation = z.infer<typeof confirmation>;

/** What the confirmation page carries, sealed: where to go afterwards was checked before the question. */
export function confirmationText(asked: Omit<Confirmation, 'expiresAt'>, now: Micros): string {
  const content: Confirmation = { ...asked, expiresAt: plusSeconds(now, lifetime) };
  return JSON.stringify(content);
}

export function readConfirmation(text: string | undefined, now: Micros): Confirmation | undefined {
  if (text === undefined) return undefined;
  const parsed = confirmation.safeParse(JSON.parse(text));
  return parsed.success && parsed.data.expiresAt > now ? parsed.data : undefined;
}
