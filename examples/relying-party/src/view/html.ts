/** Markup that is safe to send: only the tag below makes it. */
export class Html {
  constructor(readonly markup: string) {}
}

export type Content = string | number | Html | undefined | readonly Content[];

/** Markup from a template; whatever is put in is escaped, for text and for attributes in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.reduce((markup, part, index) => markup + write(values[index - 1]) + part));
}

function write(value: Content): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(write).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
