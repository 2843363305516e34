import { pageLocales } from '@signet/contracts';

export const LOCALES = pageLocales;
export type Locale = (typeof LOCALES)[number];

export const DIRECTION: Readonly<Record<Locale, 'ltr' | 'rtl'>> = { en: 'ltr', de: 'ltr', fr: 'ltr' };

/** Longer lists are cut: no person speaks more, and the list is the browser's to send. */
const MOST_RANGES = 20;

/**
 * The language of a page: the first of `ui_locales` (OpenID Connect Core 3.1.2.1: space-separated tags in order of
 * preference) that we speak, else the best of Accept-Language (RFC 9110 section 12.5.4), else English.
 *
 * A tag is matched by its primary subtag alone, so `de-AT` gets `de`. Malformed input is passed over, never refused.
 */
export function chooseLocale(acceptLanguage: string | undefined, uiLocales?: string): Locale {
  return firstSpoken((uiLocales ?? '').split(' ', MOST_RANGES)) ?? firstSpoken(byWeight(acceptLanguage ?? '')) ?? 'en';
}

function firstSpoken(tags: readonly string[]): Locale | undefined {
  for (const tag of tags) {
    const primary = tag.split('-', 1)[0]?.toLowerCase();
    const spoken = LOCALES.find((locale) => locale === primary);
    if (spoken) return spoken;
  }
  return undefined;
}

function byWeight(acceptLanguage: string): readonly string[] {
  return acceptLanguage
    .split(',', MOST_RANGES)
    .flatMap((range) => {
      const match = /^\s*([a-zA-Z-]{1,35}|\*)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/.exec(range);
      const weight = Number(match?.[2] ?? '1');
      return match?.[1] === undefined || weight === 0 ? [] : [{ tag: match[1], weight }];
    })
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
