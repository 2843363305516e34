import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { launchFramingChromium } from '../../src/index.js';

/** A request that reached a relying party. */
export interface Received {
  /** With its query. */
  readonly url: URL;
  readonly cookies: string;
}

const pages: Readonly<Record<string, { readonly cookies?: string; readonly body: string }>> = {
  // The relying party's own session, in a cookie that frames of other sites have too.
  '/callback': { cookies: 'session=1; Path=/; Secure; HttpOnly; SameSite=None', body: '<p id="arrived">signed in</p>' },
  '/front': { cookies: 'session=; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=0', body: 'signed out' },
  '/bye': { body: 'goodbye' },
};

/** Session Management 1.0 section 3.1: a page that has the provider's frame, and asks it. */
const watching = (frame: string) => `<!doctype html><title>watching</title><iframe id="op" src="${frame}"></iframe>
<script>
  window.ask = (message) => new Promise((resolve) => {
    const frame = document.getElementById('op').contentWindow;
    addEventListener('message', function answered({ data, source, origin }) {
      if (source !== frame || origin !== new URL('${frame}').origin) return;
      removeEventListener('message', answered);
      resolve(data);
    });
    frame.postMessage(message, new URL('${frame}').origin);
  });
</script>`;

/** Relying parties as a browser meets them: over TLS, each at a host name of its own, none of the provider's site. */
export class BrowserSites {
  readonly received: Received[] = [];
  readonly #browsers = new Map<boolean, Promise<BrowserContext>>();
  readonly #profiles = mkdtempSync(path.join(tmpdir(), 'signet-chromium-'));

  private constructor(private readonly server: Server) {}

  /** `frame`: the provider's check_session_iframe. */
  static async open(tls: { readonly cert: string; readonly key: string }, frame: string): Promise<BrowserSites> {
    const server = createServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sites = new BrowserSites(server);
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', `https://${String(request.headers.host)}`);
      sites.received.push({ url, cookies: request.headers.cookie ?? '' });
      const page = url.pathname === '/watching' ? { body: watching(frame) } : pages[url.pathname];
      if (page === undefined) response.writeHead(404).end();
      else {
        const cookies = page.cookies === undefined ? {} : { 'Set-Cookie': page.cookies };
        response.writeHead(200, { 'Content-Type': 'text/html', ...cookies }).end(page.body);
      }
    });
    return sites;
  }

  /** `https://<name>.example:<port>` */
  at(name: string): string {
    return `https://${name}.example:${(this.server.address() as AddressInfo).port}`;
  }

  receivedAt(origin: string, pathname: string): Received[] {
    return this.received.filter(({ url }) => url.origin === origin && url.pathname === pathname);
  }

  /** A browser that nobody is signed in with. `frameCookies`: whether frames of other sites have their cookies. */
  async browser(frameCookies: boolean): Promise<BrowserContext> {
    const running = this.#browsers.get(frameCookies) ?? this.#launch(frameCookies);
    this.#browsers.set(frameCookies, running);
    const context = await running;
    await context.clearCookies();
    return context;
  }

  #launch(frameCookies: boolean): Promise<BrowserContext> {
    const profile = mkdtempSync(path.join(this.#profiles, 'profile-'));
    return launchFramingChromium(profile, { frameCookies }, '--host-resolver-rules=MAP *.example 127.0.0.1');
  }

  async close(): Promise<void> {
    for (const browser of this.#browsers.values()) await (await browser).close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.#profiles, { recursive: true, maxRetries: 5 });
  }
}
