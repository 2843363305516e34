/** C0 and C1 controls but tab and line ends, and lone surrogates: no HTML parser keeps them, and NUL ends a name early. */
const UNPRINTABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that an HTML parser reads back as it was, in element content and in a quoted attribute value. */
export function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Attributes that a browser loads, follows or posts to. */
export const URL_ATTRIBUTES: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formaction']);

/**
 * A URL that may be followed from a page, else `#`.
 *
 * Absolute paths of our own, http and https, and the reverse-domain schemes of native apps (RFC 8252 section 7.1) pass;
 * `javascript:`, `data:` and whatever else runs or shows content under our origin do not.
 */
export function safeUrl(url: string): string {
  // A browser strips tabs and line ends before it reads the scheme, and reads `\` as `/`.
  if (/[\s\\]/.test(url)) return '#';
  if (/^\/(?!\/)/.test(url) || /^https?:\/\//i.test(url)) return url;
  return /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:/i.test(url) ? url : '#';
}
