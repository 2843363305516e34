import type { Branding } from './branding.js';
import type { PageContext } from './layout.js';
import { chooseLocale } from './messages/locale.js';
import { newNonce, pageHeaders } from './page-headers.js';
import type { PageHeaderOptions } from './page-headers.js';

export interface Surroundings {
  /** The configured issuer. */
  readonly issuer: string;
  readonly branding: Branding;
  readonly acceptLanguage: string | undefined;
  /** OpenID Connect Core section 3.1.2.1: languages in the order of preference, separated by spaces. */
  readonly uiLocales?: string;
  readonly openerPolicy?: PageHeaderOptions['openerPolicy'];
  readonly frames?: PageHeaderOptions['frames'];
}

/** A page and its headers, under one fresh nonce. */
export function composePage(
  { issuer, branding, acceptLanguage, uiLocales, openerPolicy, frames }: Surroundings,
  render: (context: PageContext) => string,
): { html: string; headers: Record<string, string> } {
  const nonce = newNonce();
  const html = render({ nonce, branding, locale: chooseLocale(acceptLanguage, uiLocales) });
  return {
    html,
    headers: pageHeaders(nonce, { issuer, ...(openerPolicy && { openerPolicy }), ...(frames && { frames }) }),
  };
}
