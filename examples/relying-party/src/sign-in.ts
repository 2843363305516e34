import * as client from 'openid-client';
import type { Configuration } from './configuration.js';
import { redirect } from './exchange.js';
import type { Exchange, Reply } from './exchange.js';
import type { Provider } from './provider.js';
import { remember } from './sessions.js';
import type { Sessions } from './sessions.js';
import { signedInStory } from './story.js';
import { tokensOf } from './tokens.js';

/** What the provider is asked for; offline_access is what a refresh token that outlives the session comes by. */
const SCOPE = 'openid profile email offline_access';

export class UnknownSignIn extends Error {}

/** GET /login: sends the browser to the provider. */
export async function startSignIn(
  { sessionId }: Exchange,
  { provider, sessions, configuration }: SignInParts,
): Promise<Reply> {
  const config = await provider();
  const codeVerifier = client.randomPKCECodeVerifier();
  const nonce = client.randomNonce();
  const state = client.randomState();

  const found = sessions.find(sessionId);
  const { id, session } = found && sessionId !== undefined ? { id: sessionId, session: found } : sessions.open();
  remember(session, state, { nonce, codeVerifier });

  const location = client.buildAuthorizationUrl(config, {
    redirect_uri: new URL('/callback', configuration.baseUrl).href,
    scope: SCOPE,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  return redirect(location, id);
}

/** GET /callback: the browser is back, with a code or with an error. */
export async function finishSignIn({ url, sessionId }: Exchange, { provider, sessions }: SignInParts): Promise<Reply> {
  const state = url.searchParams.get('state') ?? '';
  const session = sessions.find(sessionId);
  const pending = session?.pending.get(state);
  // Without this check another person's code could be slipped into this browser (RFC 9700 section 4.7).
  if (!session || !pending) throw new UnknownSignIn();
  session.pending.delete(state);

  const config = await provider();
  const response = await client.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: pending.codeVerifier,
    expectedNonce: pending.nonce,
    expectedState: state,
    idTokenExpected: true,
  });
  const claims = response.claims();
  if (!claims) throw new Error('The token response has no ID token');

  // A new session id at each rise of privilege: one that was known before signing in is worth nothing after it.
  sessions.end(sessionId);
  const story = signedInStory(claims, config.serverMetadata().token_endpoint);
  const { id } = sessions.open({ claims, tokens: tokensOf(response), story });
  return redirect('/profile', id);
}

export interface SignInParts {
  readonly provider: Provider;
  readonly sessions: Sessions;
  readonly configuration: Configuration;
}
