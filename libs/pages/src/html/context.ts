/** Where an interpolation stands in its template; each place has an escaping rule of its own. */
export type HoleContext =
  | { readonly kind: 'text' }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'attributes' }
  | { readonly kind: 'raw-text'; readonly element: string };

type State =
  | { readonly at: 'text' }
  | { readonly at: 'tag'; readonly element: string }
  | { readonly at: 'value'; readonly element: string; readonly attribute: string }
  | { readonly at: 'raw-text'; readonly element: string };

/** Elements whose content the HTML parser does not decode, so that escaping inside them is meaningless. */
const RAW_TEXT = new Set(['style', 'script']);

/**
 * The context of each hole of a template, read from its literal parts alone.
 *
 * Throws a TypeError for a template in which a hole could not be escaped safely: inside a tag name, an unquoted or
 * single-quoted attribute, a comment, an event handler or a style attribute; and for one that does not end in text.
 */
export function holeContexts(parts: readonly string[]): readonly HoleContext[] {
  const contexts: HoleContext[] = [];
  let state: State = { at: 'text' };
  for (const [index, part] of parts.entries()) {
    state = scan(part, state);
    if (index < parts.length - 1) contexts.push(contextOf(state, part));
  }
  if (state.at !== 'text') throw new TypeError(`A template must end in text: …${parts.at(-1) ?? ''}`);
  return contexts;
}

function contextOf(state: State, before: string): HoleContext {
  switch (state.at) {
    case 'text':
      return { kind: 'text' };
    case 'raw-text':
      return { kind: 'raw-text', element: state.element };
    case 'tag':
      if (!/\s$/.test(before)) throw new TypeError(`A hole cannot stand in a tag or attribute name: ${before}`);
      return { kind: 'attributes' };
    case 'value':
      if (/^on|^style$|^srcdoc$/.test(state.attribute)) throw new TypeError(`No hole may stand in ${state.attribute}`);
      return { kind: 'attribute', name: state.attribute };
  }
}

function scan(part: string, from: State): State {
  let state = from;
  let rest = part;
  while (rest !== '') {
    const [next, length] = step(rest, state);
    state = next;
    rest = rest.slice(length);
  }
  return state;
}

function step(rest: string, state: State): readonly [State, number] {
  switch (state.at) {
    case 'text':
      return stepText(rest);
    case 'raw-text': {
      const end = rest.indexOf(`</${state.element}>`);
      return end < 0 ? [state, rest.length] : [{ at: 'text' }, end + state.element.length + 3];
    }
    case 'value': {
      const end = rest.indexOf('"');
      return end < 0 ? [state, rest.length] : [{ at: 'tag', element: state.element }, end + 1];
    }
    case 'tag':
      return stepTag(rest, state.element);
  }
}

function stepText(rest: string): readonly [State, number] {
  const tag = /^[^<]*(?:<!doctype html>|<\/?([a-z][a-z0-9]*))/.exec(rest);
  if (tag) return [tag[1] === undefined ? { at: 'text' } : { at: 'tag', element: tag[1] }, tag[0].length];
  if (rest.includes('<')) throw new TypeError(`Not markup that a template may hold: ${rest}`);
  return [{ at: 'text' }, rest.length];
}

function stepTag(rest: string, element: string): readonly [State, number] {
  const close = /^\s*\/?>/.exec(rest);
  if (close) {
    const raw = RAW_TEXT.has(element) && !close[0].includes('/');
    return [raw ? { at: 'raw-text', element } : { at: 'text' }, close[0].length];
  }
  const value = /^\s+([a-zA-Z][a-zA-Z0-9:-]*)="/.exec(rest);
  if (value?.[1] !== undefined) return [{ at: 'value', element, attribute: value[1].toLowerCase() }, value[0].length];
  const bare = /^\s+[a-z][a-z0-9-]*(?=[\s/>]|$)/.exec(rest) ?? /^\s+/.exec(rest);
  if (bare) return [{ at: 'tag', element }, bare[0].length];
  throw new TypeError(`Attributes are quoted with " and nothing else: ${rest}`);
}
