import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';

const backchannelLogout = 'http://schemas.openid.net/event/backchannel-logout';

/** One call of a client's back channel. */
export interface Call {
  readonly clientId: string;
  readonly contentType: string | undefined;
  readonly form: URLSearchParams;
  /** What it was answered; undefined where it was not. */
  readonly status: number | undefined;
}

/** Relying parties' back channels over https, one at each path, which answer as a test says. */
export class BackChannels {
  /** In the order in which they came. */
  readonly calls: Call[] = [];
  /** Clients that never answer. */
  readonly silent = new Set<string>();
  /** What all others answer. */
  status = 200;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(tls: { readonly cert: string; readonly key: string }): Promise<BackChannels> {
    const server = createServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }).listen(0, 'localhost');
    await once(server, 'listening');
    const channels = new BackChannels(server, `https://localhost:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      // Whoever calls may die of it.
      void text(request).then(
        (body) => {
          const clientId = (request.url ?? '').slice(1);
          const status = channels.silent.has(clientId) ? undefined : channels.status;
          const contentType = request.headers['content-type'];
          channels.calls.push({ clientId, contentType, form: new URLSearchParams(body), status });
          if (status !== undefined) response.writeHead(status).end();
        },
        () => undefined,
      );
    });
    return channels;
  }

  /** The backchannel_logout_uri of a client. */
  of(clientId: string): string {
    return `${this.origin}/${clientId}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** As a relying party validates one: OpenID Connect Back-Channel Logout 1.0 section 2.6. */
export async function verifyLogoutToken(logoutToken: string, issuer: string, audience: string): Promise<JWTPayload> {
  const keys = (await (await fetch(`${issuer}/jwks`)).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(logoutToken, createLocalJWKSet(keys), {
    ...{ issuer, audience, typ: 'logout+jwt', algorithms: ['RS256'] },
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
    maxTokenAge: '2 minutes',
  });
  const { events, sub, sid } = payload as JWTPayload & { events: Record<string, unknown> };
  if (typeof events[backchannelLogout] !== 'object') throw new Error('its events are not of a logout');
  if (sub === undefined && sid === undefined) throw new Error('it names neither account nor session');
  if ('nonce' in payload) throw new Error('it has a nonce');
  return payload;
}
