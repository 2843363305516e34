import { raw } from '../html/html.js';
import type { Html } from '../html/html.js';
import { COMPONENTS } from './components.js';
import { FOUNDATION } from './foundation.js';
import { themeTokens } from './tokens.js';
import type { ThemeTokens } from './tokens.js';

/** The one stylesheet of a page: the tokens of both themes, then rules that use nothing but tokens. */
export function stylesheet(accent: string | undefined): Html {
  const light = declarations(themeTokens('light', accent));
  const dark = declarations(themeTokens('dark', accent));
  return raw(
    `:root{color-scheme:light dark;${light}}@media (prefers-color-scheme:dark){:root{${dark}}}${FOUNDATION}${COMPONENTS}`,
  );
}

function declarations(tokens: ThemeTokens): string {
  return Object.entries(tokens)
    .map(([name, value]) => `--${name}:${String(value)}`)
    .join(';');
}
