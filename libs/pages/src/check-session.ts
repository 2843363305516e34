import { createHash } from 'node:crypto';

/**
 * OpenID Connect Session Management 1.0 section 3.2. The origin that asks is part of the hash, so that it learns of its own
 * sessions alone. Without the cookie a person is signed out, or the browser keeps it from frames: then the answer is `error`,
 * upon which a client must not ask again by prompt=none, and not `changed`. No client_id is split: only the last word is ours.
 */
const SCRIPT = `{
  const name = document.currentScript.dataset.cookie + '=';
  const browserState = () => document.cookie.split('; ').find((pair) => pair.startsWith(name))?.slice(name.length);
  const sha256 = async (text) => {
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };
  const answer = async (data, origin) => {
    const [, clientId, hash, salt] = (typeof data === 'string' && /^(.+) ([\\w-]+)\\.([\\w-]+)$/s.exec(data)) || [];
    if (salt === undefined) return 'error';
    const state = browserState();
    if (state === undefined) return (await document.hasStorageAccess?.()) === false ? 'error' : 'changed';
    return (await sha256([clientId, origin, state, salt].join(' '))) === hash ? 'unchanged' : 'changed';
  };
  addEventListener('message', async ({ data, origin, source }) => {
    if (source === null || source === window || origin === 'null') return;
    source.postMessage(await answer(data, origin).catch(() => 'error'), origin);
  });
}`;

/**
 * The headers of the one page that clients frame: it has nothing but its script, reads one cookie that authenticates nothing, and
 * is the same for everybody.
 */
export const checkSessionHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
    "base-uri 'none'",
    'frame-ancestors *',
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'public, max-age=300',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The OP iframe of a tenant; `cookie`: the name of the one that holds the browser's state. Its script is what the headers hash. */
export function renderCheckSession(cookie: string): string {
  if (!/^[\w-]+$/.test(cookie)) throw new TypeError('Not the name of a cookie of ours');
  return `<!doctype html><title>check_session_iframe</title><script data-cookie="${cookie}">${SCRIPT}</script>\n`;
}
