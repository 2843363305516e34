import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Html } from './view/html.js';

/** A request as the handlers see it. */
export interface Exchange {
  /** On the configured base URL, whatever the Host header says. */
  readonly url: URL;
  readonly sessionId: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly location?: string;
  readonly page?: Html;
  /** A session id for the cookie; null takes the cookie away. */
  readonly cookie?: string | null;
}

export const page = (html: Html, status = 200): Reply => ({ status, page: html });

/** 303, so that a POST is followed by a GET. */
export const redirect = (location: URL | string, cookie?: string | null): Reply => ({
  status: 303,
  location: location.toString(),
  ...(cookie !== undefined && { cookie }),
});

const COOKIE = 'relying_party_session';

/** Undefined for a request target that is no path. */
export function readExchange(request: IncomingMessage, baseUrl: URL): Exchange | undefined {
  const target = `${baseUrl.origin}${request.url ?? ''}`;
  if (request.url?.startsWith('/') !== true || !URL.canParse(target)) return undefined;
  const cookies = (request.headers.cookie ?? '').split(/;\s*/);
  return {
    url: new URL(target),
    sessionId: cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1),
  };
}

export function writeReply(response: ServerResponse, reply: Reply, baseUrl: URL): void {
  // SameSite=Lax: the cookie comes along when the provider redirects here, but not with a POST from another site, which
  // is what keeps the buttons of these pages from being pressed by one. Form-action is left out of the policy since
  // signing out redirects to the provider.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${baseUrl.protocol === 'https:' ? '; Secure' : ''}`;
  const cookie =
    reply.cookie === null ? `${COOKIE}=; Max-Age=0; ${attributes}` : `${COOKIE}=${reply.cookie ?? ''}; ${attributes}`;
  response.writeHead(reply.status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    ...(reply.location !== undefined && { Location: reply.location }),
    ...(reply.cookie !== undefined && { 'Set-Cookie': cookie }),
  });
  response.end(reply.page?.markup);
}
