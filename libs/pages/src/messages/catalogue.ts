import { html } from '../html/html.js';
import type { Content, Html } from '../html/html.js';
import { de } from './de.js';
import { en } from './en.js';
import { fr } from './fr.js';
import type { Locale } from './locale.js';

export type MessageKey = keyof typeof en;

/** A whole catalogue in another language: a key too few or too many does not compile. */
export type Translation = Readonly<Record<MessageKey, string>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The values that a message asks for, by the placeholders of its English text; none for a message without. */
type Values<Key extends MessageKey, Value> = [Placeholders<(typeof en)[Key]>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<(typeof en)[Key]>, Value>>];

export const CATALOGUES: Readonly<Record<Locale, Translation>> = { en, de, fr };

/** The messages of one language. */
export interface Messages {
  /** Plain text, for titles and attributes; the values are as they came and still have to be escaped. */
  text: <Key extends MessageKey>(key: Key, ...values: Values<Key, string>) => string;
  /** Markup: the message is escaped here, each value by what it is. */
  rich: <Key extends MessageKey>(key: Key, ...values: Values<Key, Content>) => Html;
  /** "in 30 seconds", "in 5 minutes"; "in a moment" where nobody knows. */
  when: (seconds: number | undefined) => string;
  /** "5 minutes ago", "3 days ago"; "now" within a minute. Milliseconds, not above zero. */
  ago: (milliseconds: number) => string;
}

export function messagesFor(locale: Locale): Messages {
  const catalogue = CATALOGUES[locale];
  return {
    text: (key, ...values) => {
      const given = valuesOf<string>(values);
      return split(catalogue[key])
        .map((part, index) => (index % 2 === 0 ? part : (given[part] ?? '')))
        .join('');
    },
    rich: (key, ...values) => {
      const given = valuesOf<Content>(values);
      return html`${split(catalogue[key]).map((part, index) => (index % 2 === 0 ? part : isolated(given[part])))}`;
    },
    when: (seconds) => {
      if (seconds === undefined) return catalogue['when.soon'];
      const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
      const whole = Math.max(1, Math.ceil(seconds));
      return whole < 90 ? relative.format(whole, 'second') : relative.format(Math.ceil(whole / 60), 'minute');
    },
    ago: (milliseconds) => {
      const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
      const minutes = Math.min(0, Math.ceil(milliseconds / 60_000));
      if (minutes === 0) return relative.format(0, 'second');
      if (minutes > -60) return relative.format(minutes, 'minute');
      const hours = Math.ceil(minutes / 60);
      return hours > -24 ? relative.format(hours, 'hour') : relative.format(Math.ceil(hours / 24), 'day');
    },
  };
}

/** A name may be written in another direction; isolated, it cannot turn the sentence around it. */
function isolated(value: Content): Html {
  return html`<bdi>${value}</bdi>`;
}

/** Text and placeholder names in turn, beginning with text. */
function split(message: string): readonly string[] {
  return message.split(/\{(\w+)\}/);
}

function valuesOf<Value>(values: readonly unknown[]): Readonly<Record<string, Value>> {
  return (values[0] ?? {}) as Readonly<Record<string, Value>>;
}
