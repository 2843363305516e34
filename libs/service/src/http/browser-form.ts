import { openText, randomText, sealToText, sha256Text, systemRandom, type Keyring } from '@signet/keys';
import { QUERY_LIMIT, type RequestParameters } from '@signet/protocol';
import { cookieName, readCookie, setCookie } from './cookies.js';
import type { CookieScope } from './session-cookie.js';
import type { HttpReply, HttpRequest } from './types.js';

const bindingForm = /^[A-Za-z0-9_-]{22}$/;

/**
 * What makes the forms of our pages this browser's own: text sealed under a tenant, a page and a cookie of the browser, so that it can be brought to
 * no other (RFC 6749 section 10.12).
 */
export class BrowserForms {
  constructor(
    private readonly keyring: Keyring,
    private readonly scope: CookieScope,
    private readonly cookie: 'browser' | 'repost' = 'browser',
  ) {}

  /**
   * For pages that answer a request without our Lax cookies: they are bound to a cookie of their own, since the one that such a request lacks may well
   * be there, and every open form hangs on it.
   */
  ofCrossSitePosts(): BrowserForms {
    return new BrowserForms(this.keyring, this.scope, 'repost');
  }

  /** Seals `content` for a page's form; gives the browser its cookie where it has none. */
  seal(page: string, content: string, request: HttpRequest, reply: HttpReply): string {
    return sealToText(this.keyring, 'form', content, this.data(page, this.ensureBinding(request, reply)));
  }

  /** What was sealed for this page and browser; undefined for anything else. Does not know of an expiry. */
  open(page: string, sealed: string | undefined, request: HttpRequest): string | undefined {
    const binding = this.binding(request);
    if (sealed === undefined || binding === undefined) return undefined;
    const opened = openText(this.keyring, 'form', sealed, this.data(page, binding));
    return opened && Buffer.from(opened).toString('utf8');
  }

  private binding(request: HttpRequest): string | undefined {
    const value = readCookie(request, this.name);
    return value !== undefined && bindingForm.test(value) ? value : undefined;
  }

  private ensureBinding(request: HttpRequest, reply: HttpReply): string {
    const found = this.binding(request);
    if (found !== undefined) return found;
    const value = randomText(systemRandom, 16);
    setCookie(reply, { name: this.name, value });
    return value;
  }

  private data(page: string, binding: string): readonly string[] {
    return [this.scope.tenantId, 'page', page, sha256Text(binding)];
  }

  private get name(): string {
    return cookieName(this.scope.tenantId, this.cookie, this.scope.issuer);
  }
}

const repostPage = 'repost';
const repostField = 'signet_repost';

/** What a body may hold as it is, and the query of a Location header may not (RFC 3986 section 3.4). */
const unfitForQuery = /[^\x21-\x7e]|#/gu;

/** How a POST goes on that a client's page has sent: without our Lax cookies, which only a request of our own site brings. */
export type CrossSitePost =
  | { readonly kind: 'ours' }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'repost'; readonly fields: readonly (readonly [string, string])[] };

/**
 * A POST that our own page has sent again is `ours`. Any other becomes a GET of the same parameters, or, where the query would be long or would put an
 * id_token_hint into a URL, the fields of a page that posts them again.
 */
export function crossSitePost(
  forms: BrowserForms,
  path: string,
  raw: string,
  parameters: RequestParameters,
  request: HttpRequest,
  reply: HttpReply,
): CrossSitePost {
  const reposts = forms.ofCrossSitePosts();
  if (reposts.open(repostPage, parameters.get(repostField), request) !== undefined) return { kind: 'ours' };
  const query = raw.replace(unfitForQuery, encodeURIComponent);
  if (query.length < QUERY_LIMIT && parameters.get('id_token_hint') === undefined) {
    return { kind: 'redirect', location: `${path}?${query}` };
  }
  const fields = parameters
    .names()
    .filter((name) => name !== repostField)
    .flatMap((name) => parameters.all(name).map((value) => [name, value] as const));
  const token = reposts.seal(repostPage, randomText(systemRandom, 16), request, reply);
  return { kind: 'repost', fields: [...fields, [repostField, token]] };
}
