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

/**
 * Opens what came back. The request of a page that has expired begins anew, and with it what a sign-in has to be newer than. Does not check that the client
 * may still ask for it, nor the session. `now`: the latest that it can be by the clock that dates sessions.
 */
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
  if (parsed.data.expiresAt > now) return { kind: 'open', interaction: parsed.data };
  const { request } = parsed.data;
  return { kind: 'expired', request: 'account' in request ? request : { ...request, receivedAt: now } };
}
