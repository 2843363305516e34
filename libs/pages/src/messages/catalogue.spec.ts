import { describe, expect, it } from '@jest/globals';
import { html } from '../html/html.js';
import { CATALOGUES, messagesFor } from './catalogue.js';
import type { Translation } from './catalogue.js';
import { en } from './en.js';
import { LOCALES } from './locale.js';

const placeholders = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('the catalogues', () => {
  it.each(LOCALES)('%s says everything, with the placeholders of the English text', (locale) => {
    const catalogue = CATALOGUES[locale];
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
    for (const [key, message] of Object.entries(catalogue)) {
      expect([key, message.trim()]).toEqual([key, message]);
      expect(message).not.toBe('');
      expect([key, placeholders(message)]).toEqual([key, placeholders(en[key as keyof typeof en])]);
    }
  });

  it('does not compile with a key too few, a key too many or a value too few', () => {
    // @ts-expect-error -- every other key is missing
    const few: Translation = { 'repost.submit': 'Weiter' };
    // @ts-expect-error -- English has no such key
    const many: Translation = { ...en, 'repost.cancel': 'Nein' };
    // @ts-expect-error -- the message names {client}
    const text = messagesFor('en').text('signed-out.return');
    expect([Object.keys(few).length, 'repost.cancel' in many, text]).toEqual([1, true, 'Continue to ']);
  });
});

describe('messagesFor', () => {
  it('leaves plain text to be escaped where it is written', () => {
    expect(messagesFor('en').text('signed-out.return', { client: 'A & B' })).toBe('Continue to A & B');
  });

  it('escapes what it puts into markup, and isolates its direction', () => {
    const { rich } = messagesFor('de');
    expect(rich('sign-in.lead.client', { client: '<b>' }).markup).toBe('um mit <bdi>&lt;b&gt;</bdi> fortzufahren');
    expect(rich('sign-in.lead.client', { client: html`<b>x</b>` }).markup).toBe(
      'um mit <bdi><b>x</b></bdi> fortzufahren',
    );
  });

  it('does not read placeholders out of a value', () => {
    expect(messagesFor('en').text('page.error', { title: '{title}{client}' })).toBe('Error: {title}{client}');
  });

  it.each([
    ['en', 1, 'in 1 second'],
    ['en', 0, 'in 1 second'],
    ['en', 4.2, 'in 5 seconds'],
    ['de', 89, 'in 89 Sekunden'],
    ['fr', 90, 'dans 2 minutes'],
    ['de', undefined, 'in Kürze'],
  ] as const)('%s says %s seconds as %j', (locale, seconds, said) => {
    expect(messagesFor(locale).when(seconds)).toBe(said);
  });

  it.each([
    ['en', 59, 'now'],
    ['de', 60, 'vor 1 Minute'],
    ['en', 3_599, '59 minutes ago'],
    ['fr', 3_600, 'il y a 1 heure'],
    ['en', 86_399, '23 hours ago'],
    ['de', 86_400, 'gestern'],
    ['en', 40 * 86_400, '40 days ago'],
    ['en', -5, 'now'],
  ] as const)('%s says %s seconds ago as %j', (locale, seconds, said) => {
    expect(messagesFor(locale).ago(-seconds * 1_000)).toBe(said);
  });
});
