import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '@signet/protocol';

export interface HostRuleOptions {
  /** An origin. */
  readonly issuer: string;
  readonly mode: 'development' | 'production';
  /** The port that is listened on. */
  readonly port: number;
}

/** `path` and `query` of the request's target, undecoded; or the status that it is refused with. */
export type Target = { readonly path: string; readonly query: string } | { readonly refused: 400 | 404 | 421 };

/**
 * Links and issuer come from configuration alone, and a request under another name is for somebody else: 421 (RFC 9110 section 15.5.20). In development
 * the loopback names will do as well, under the issuer's port and our own. A target in absolute form names the host that counts (RFC 9112 section 3.2.2).
 */
export function hostRule({ issuer, mode, port }: HostRuleOptions): (request: IncomingMessage) => Target {
  const own = new URL(issuer);
  const scheme = own.protocol;
  const ports = new Set([portOf(own), String(port)]);

  const isOurs = (authority: string): boolean => {
    if (authority === own.host) return true;
    const url = URL.canParse(`${scheme}//${authority}`) ? new URL(`${scheme}//${authority}`) : undefined;
    // What the parser takes for user, path or query is no part of a Host header.
    if (!url || /[@/?#\\\s]/.test(authority)) return false;
    if (url.host === own.host) return true;
    return mode === 'development' && isLoopbackHost(url.hostname) && ports.has(portOf(url));
  };

  return (request) => {
    const hosts = request.headersDistinct['host'] ?? [];
    // RFC 9112 section 3.2: a request without Host, or with two of them, is answered with 400.
    const [host] = hosts;
    if (host === undefined || hosts.length > 1) return { refused: 400 };
    const target = request.url ?? '';
    const absolute = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(target);
    if (!isOurs(absolute?.[1] ?? host)) return { refused: 421 };
    const local = absolute ? (absolute[2] ?? '') : target;
    if (!local.startsWith('/')) return { refused: absolute && local === '' ? 404 : 400 };
    const mark = local.indexOf('?');
    return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
  };
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
}
