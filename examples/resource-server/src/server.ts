import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { checkAccessToken, InvalidToken } from './access-tokens.js';
import type { Configuration } from './configuration.js';
import { lazyProvider } from './provider.js';
import { StatusLists } from './status-lists.js';

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** What the API offers. */
const notes = [{ id: 1, text: 'Buy milk' }];

export function createResourceServer(
  { issuer, audience, scope }: Configuration,
  log: (line: string) => void = console.error,
): Server {
  const provider = lazyProvider(issuer);
  let statusLists: StatusLists | undefined;

  async function answer(request: IncomingMessage): Promise<Reply> {
    if (request.method !== 'GET' || request.url !== '/notes') return { status: 404, body: { error: 'not_found' } };
    const [, token] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '') ?? [];
    // RFC 6750 section 3: without a token, no error.
    if (token === undefined) return refusal(401, scope);
    const found = await provider();
    statusLists ??= new StatusLists(found);
    const { subject, scopes } = await checkAccessToken(token, { provider: found, statusLists, audience });
    if (!scopes.includes(scope)) return refusal(403, scope, 'insufficient_scope');
    return { status: 200, body: { subject, notes } };
  }

  return createServer((request, response) => {
    request.resume();
    void answer(request)
      .catch((error: unknown): Reply => {
        if (error instanceof InvalidToken) return refusal(401, scope, 'invalid_token');
        // Neither yes nor no: keys or status list are not to be had. Never let through.
        log(JSON.stringify({ error: String(error) }));
        return { status: 503, headers: { 'Retry-After': '1' }, body: { error: 'temporarily_unavailable' } };
      })
      .then(({ status, headers, body }) => {
        response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
        response.end(JSON.stringify(body));
      });
  });
}

function refusal(status: 401 | 403, scope: string, error?: 'invalid_token' | 'insufficient_scope'): Reply {
  const told = error === undefined ? '' : `, error="${error}"`;
  return {
    status,
    headers: { 'WWW-Authenticate': `Bearer realm="notes", scope="${scope}"${told}` },
    body: error === undefined ? {} : { error },
  };
}
