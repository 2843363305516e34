import { describe, expect, it } from '@jest/globals';
import { chooseLocale } from './locale.js';

describe('chooseLocale', () => {
  it.each([
    [undefined, undefined, 'en'],
    ['', '', 'en'],
    ['de', undefined, 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', undefined, 'de'],
    ['en;q=0.5,fr;q=0.9', undefined, 'fr'],
    ['es,fr-CA;q=0.2', undefined, 'fr'],
    ['DE-ch', undefined, 'de'],
    ['de;q=0,es', undefined, 'en'],
    ['es, *;q=0.1', undefined, 'en'],
    ['fr;q=nonsense,de;q=2', undefined, 'en'],
    ['fr', 'de', 'de'],
    ['fr', 'es de-CH en', 'de'],
    ['fr', 'es it', 'fr'],
    ['__proto__,constructor', 'toString', 'en'],
    [`${'x,'.repeat(50_000)}de`, undefined, 'en'],
  ] as const)('Accept-Language %j with ui_locales %j gives %s', (acceptLanguage, uiLocales, locale) => {
    expect(chooseLocale(acceptLanguage, uiLocales)).toBe(locale);
  });
});
