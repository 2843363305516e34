import { html } from './html/html.js';
import type { Html } from './html/html.js';
import type { Locale } from './messages/locale.js';

/** How a tenant's pages look; each part that is missing or unusable falls back to Signet's own. */
export interface Branding {
  readonly tenantName: string;
  /** An absolute path on the issuer's own origin: logos are fetched once and served by us (CSP `img-src 'self'`). */
  readonly logoPath?: string;
  /** `#rgb` or `#rrggbb`. Contrast is seen to; any colour may be given. */
  readonly accent?: string;
}

/** The tenant's logo, or the first letter of its name, beside the name. */
export function brandRow(branding: Branding, locale: Locale): Html {
  return html`<p class="brand">${brandMark(branding, locale)}<bdi>${branding.tenantName}</bdi></p>`;
}

/** A letter in a square, standing for something that has no picture; nothing that a screen reader should say. */
export function monogram(name: string, locale: Locale, variant: 'brand' | 'client' | 'person'): Html {
  return html`<span class="monogram monogram-${variant}" aria-hidden="true">${initial(name, locale)}</span>`;
}

function brandMark(branding: Branding, locale: Locale): Html {
  const { logoPath } = branding;
  if (logoPath !== undefined && /^\/(?![/\\])/.test(logoPath))
    return html`<img class="logo" src="${logoPath}" alt="" />`;
  return monogram(branding.tenantName, locale, 'brand');
}

/** One grapheme, not one code unit: a flag or an accented letter stays whole. */
function initial(name: string, locale: Locale): string {
  const first = new Intl.Segmenter(locale, { granularity: 'grapheme' }).segment(name.trim())[Symbol.iterator]().next();
  return first.done === true ? '·' : first.value.segment.toLocaleUpperCase(locale);
}
