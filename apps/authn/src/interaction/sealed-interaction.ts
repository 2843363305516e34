import { micros, plusSeconds, sessionId, type Micros } from '@signet/contracts';
import { z } from 'zod';
import type { Browser } from './browser.js';
import { signInRequestSchema, type SignInRequest } from './interaction-request.js';

/** Seconds that a person has for one page. */
const lifetime = 600;

const interaction = z.object({
  request: signInRequestSchema,
  /** Of a page about one account: the session that it was shown to. */
  session: sessionId.optional(),
  expiresAt: micros,
});
export type Interaction = z.infer<typeof interaction>;

export type InteractionPage = 'sign-in' | 'select-account' | 'consent';

export type Opened =
  | { readonly kind: 'open'; readonly interaction: Interaction }
  | { readonly kind: 'expired'; readonly request: SignInRequest }
  | { readonly kind: 'invalid' };

/** Seals what a page's form carries (docs/adr/0006): for this page, tenant and browser alone. */
export function sealInteraction(
  browser: Browser,
  page: InteractionPage,
  content: Omit<Interaction, 'expiresAt'>,
  now: Micros,
): string {
  const sealed: Interaction = { ...content, expiresAt: plusSeconds(now, lifetime) };
  return browser.sealForm(page, JSON.stringify(sealed));
}

/** Opens what came back. Does not check that client and redirect_uri are still registered, nor the session. */
export function openInteraction(
  browser: Browser,
  page: InteractionPage,
  sealed: string | undefined,
  now: Micros,
): Opened {
  const opened = browser.openForm(page, sealed);
  if (opened === undefined) return { kind: 'invalid' };
  const parsed = interaction.safeParse(JSON.parse(opened));
  if (!parsed.success) return { kind: 'invalid' };
  return parsed.data.expiresAt > now
    ? { kind: 'open', interaction: parsed.data }
    : { kind: 'expired', request: parsed.data.request };
}
