import { composePage } from './compose-page.js';
import { renderError, type ErrorView } from './error.js';
import type { PageContext } from './layout.js';

/** The tenant as its pages show it. */
export interface ShownTenant {
  readonly name: string;
  readonly branding: { readonly accent?: string | undefined };
}

/** What a page needs of a request and its answer, whatever the framework. */
export interface PageExchange {
  readonly request: { readonly headers: { readonly 'accept-language'?: string | undefined } };
  readonly reply: PageReply;
  readonly tenant: ShownTenant;
  readonly wishes?: PageWishes;
  /** Origins that the page shows in frames. */
  readonly frames?: readonly string[];
}

/** What a client asked of the pages (OpenID Connect Core section 3.1.2.1). */
export interface PageWishes {
  /** Languages in the order of preference. */
  readonly uiLocales: readonly string[];
  /** The pages are in a window that the client opened, and that may report to it at its end. */
  readonly popup: boolean;
}

interface PageReply {
  status(code: number): this;
  headers(values: Record<string, string>): this;
  send(body: string): unknown;
}

/** What of an exchange shapes its page beside the tenant. */
type Asked = Pick<PageExchange, 'wishes' | 'frames'>;
type Render = (context: PageContext) => string;

/** A failure of a handler, by what a person may know of it. */
export type HandlerFailure = Pick<ErrorView, 'kind' | 'code' | 'traceId' | 'retryAfterSeconds'>;

/** The page of a failure that no handler answered. */
export function failurePage(
  { kind, code, traceId, retryAfterSeconds }: HandlerFailure,
  request: PageExchange['request'],
  { issuer, tenant }: { readonly issuer: string; readonly tenant: ShownTenant | undefined },
): { html: string; headers: Record<string, string> } {
  const view = { kind, code, traceId, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  return pageFor(request, tenant, issuer, (context) => renderError(view, context));
}

/** A page for whoever asked, in their language; without a tenant, in the product's own name. */
function pageFor(
  request: PageExchange['request'],
  tenant: ShownTenant | undefined,
  issuer: string,
  render: Render,
  { wishes, frames }: Asked = {},
): { html: string; headers: Record<string, string> } {
  const accent = tenant?.branding.accent;
  const branding = { tenantName: tenant?.name ?? 'Signet', ...(accent !== undefined && { accent }) };
  const wished = wishes && {
    uiLocales: wishes.uiLocales.join(' '),
    ...(wishes.popup && { openerPolicy: 'unsafe-none' as const }),
  };
  const acceptLanguage = request.headers['accept-language'];
  return composePage({ issuer, branding, acceptLanguage, ...wished, ...(frames && { frames }) }, render);
}

/** Answers with a page under the page headers. */
export function sendPage(exchange: PageExchange, issuer: string, status: number, render: Render): void {
  const { request, reply, tenant } = exchange;
  const { html, headers } = pageFor(request, tenant, issuer, render, exchange);
  reply.status(status).headers(headers).send(html);
}

/** Answers a request that cannot go back to its client. */
export function sendErrorPage(exchange: PageExchange, issuer: string, status: number, view: ErrorView): void {
  sendPage(exchange, issuer, status, (context) => renderError(view, context));
}
