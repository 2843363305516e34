import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { callUserinfo, refresh, showProfile, signOut } from './account.js';
import type { Configuration } from './configuration.js';
import { page, readExchange, writeReply } from './exchange.js';
import type { Exchange, Reply } from './exchange.js';
import { failureOf } from './failure.js';
import { lazyProvider } from './provider.js';
import { Sessions } from './sessions.js';
import { finishSignIn, startSignIn } from './sign-in.js';
import type { SignInParts } from './sign-in.js';
import { errorPage } from './view/error-page.js';
import { homePage } from './view/home-page.js';
import { STYLE } from './view/style.js';

type Handler = (exchange: Exchange, parts: SignInParts) => Promise<Reply>;

const ROUTES: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['GET /', showHome],
  ['GET /login', startSignIn],
  ['GET /callback', finishSignIn],
  ['GET /profile', showProfile],
  ['POST /refresh', refresh],
  ['POST /userinfo', callUserinfo],
  ['POST /logout', signOut],
]);

export function createRelyingParty(configuration: Configuration, log: (line: string) => void = console.error): Server {
  const parts = { configuration, provider: lazyProvider(configuration), sessions: new Sessions() };
  return createServer((request, response) => {
    // No form of ours has fields, so a body is nothing to read.
    request.resume();
    if (request.method === 'GET' && request.url === '/style.css') {
      response.writeHead(200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'no-cache' }).end(STYLE);
      return;
    }
    void answer(request.method ?? '', readExchange(request, configuration.baseUrl), parts, log).then((reply) => {
      writeReply(response, reply, configuration.baseUrl);
    });
  });
}

async function answer(
  method: string,
  exchange: Exchange | undefined,
  parts: SignInParts,
  log: (line: string) => void,
): Promise<Reply> {
  const handle = exchange && ROUTES.get(`${method} ${exchange.url.pathname}`);
  if (!handle)
    return page(errorPage({ status: 404, title: 'There is nothing here', advice: 'Go back to the start.' }), 404);
  try {
    return await handle(exchange, parts);
  } catch (error) {
    const failure = failureOf(error, parts.configuration.issuer);
    log(JSON.stringify({ method, path: exchange.url.pathname, ...failure }));
    return page(errorPage(failure), failure.status);
  }
}

function showHome({ url, sessionId }: Exchange, { sessions, configuration }: SignInParts): Promise<Reply> {
  const justSignedOut = url.searchParams.get('state') === 'signed-out';
  return Promise.resolve(page(homePage(configuration, sessions.find(sessionId)?.signedIn, justSignedOut)));
}
