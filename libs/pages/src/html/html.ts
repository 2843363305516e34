import { holeContexts } from './context.js';
import type { HoleContext } from './context.js';
import { escapeText, safeUrl, URL_ATTRIBUTES } from './escape.js';

/** Markup that is safe as it stands: made by `html`, or by `raw` inside this library. */
export class Html {
  constructor(readonly markup: string) {}
}

/** Attributes already escaped, for a hole between the attributes of a tag. */
export class Attributes {
  constructor(readonly markup: string) {}
}

export type Content = string | number | Html | undefined | readonly Content[];

const contextsOf = new WeakMap<TemplateStringsArray, readonly HoleContext[]>();

/**
 * Markup from a template. Each interpolation is escaped for the place in which it stands; in `href`, `src`, `action`
 * and `formaction` a URL that could run a script becomes `#`. `undefined` writes nothing.
 *
 * Throws a TypeError for a template or a value that cannot be written safely, which is a bug in the page.
 */
export function html(parts: TemplateStringsArray, ...values: readonly (Content | Attributes)[]): Html {
  let contexts = contextsOf.get(parts);
  if (!contexts) {
    contexts = holeContexts(parts);
    contextsOf.set(parts, contexts);
  }
  let markup = parts[0] ?? '';
  contexts.forEach((context, index) => {
    markup += write(values[index], context) + (parts[index + 1] ?? '');
  });
  return new Html(markup);
}

/** Markup or a stylesheet taken as it is. Never given a value that came from outside this library. */
export function raw(markup: string): Html {
  return new Html(markup);
}

/** Attributes that a tag may have or not: `true` writes the bare name, `undefined` and `false` write nothing. */
export function attributes(values: Readonly<Record<string, string | boolean | undefined>>): Attributes {
  const written = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (!/^[a-z][a-z-]*$/.test(name) || /^on|^style$/.test(name)) throw new TypeError(`Not an attribute: ${name}`);
    return [value === true ? name : `${name}="${attributeValue(name, value)}"`];
  });
  return new Attributes(written.join(' '));
}

function write(value: Content | Attributes, context: HoleContext): string {
  switch (context.kind) {
    case 'text':
      return text(value);
    case 'attribute':
      if (typeof value === 'string') return attributeValue(context.name, value);
      if (typeof value === 'number') return String(value);
      throw new TypeError(`The attribute ${context.name} takes text alone`);
    case 'attributes':
      if (value instanceof Attributes) return value.markup;
      throw new TypeError('Between attributes only attributes() may stand');
    case 'raw-text':
      if (value instanceof Html && !value.markup.includes('</')) return value.markup;
      throw new TypeError(`The content of ${context.element} is raw markup alone`);
  }
}

function text(value: Content | Attributes): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (value instanceof Attributes) throw new TypeError('attributes() stands inside a tag');
  if (typeof value === 'object') return value.map(text).join('');
  return escapeText(String(value));
}

function attributeValue(name: string, value: string): string {
  return escapeText(URL_ATTRIBUTES.has(name) ? safeUrl(value) : value);
}
