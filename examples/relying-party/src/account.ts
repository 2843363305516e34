import * as client from 'openid-client';
import { page, redirect } from './exchange.js';
import type { Exchange, Reply } from './exchange.js';
import type { Session, SignedIn } from './sessions.js';
import type { SignInParts } from './sign-in.js';
import { refreshedStory, userinfoStory } from './story.js';
import { tokensOf } from './tokens.js';
import { profilePage } from './view/profile-page.js';

type Handler = (exchange: Exchange, parts: SignInParts) => Promise<Reply>;

/** A handler for somebody who is signed in here; anybody else is sent home. */
function signedIn(handle: (session: Session & { signedIn: SignedIn }, parts: SignInParts) => Promise<Reply>): Handler {
  return async ({ sessionId }, parts) => {
    const session = parts.sessions.find(sessionId);
    return session && isSignedIn(session) ? handle(session, parts) : redirect('/');
  };
}

/** GET /profile */
export const showProfile = signedIn((session, { configuration }) =>
  Promise.resolve(page(profilePage(session.signedIn, configuration))),
);

/** POST /refresh: new tokens for the refresh token. */
export const refresh = signedIn(async (session, { provider }) => {
  const { claims, tokens, ...rest } = session.signedIn;
  if (tokens.refreshToken === undefined) return redirect('/profile');
  const response = await client.refreshTokenGrant(await provider(), tokens.refreshToken);
  const renewed = response.claims() ?? claims;
  // OpenID Connect Core 12.2: the sub MUST be that of the original ID token.
  if (renewed.sub !== claims.sub) throw new Error('The refreshed ID token is about somebody else');
  session.signedIn = {
    ...rest,
    claims: renewed,
    tokens: tokensOf(response, tokens),
    story: refreshedStory(response.refresh_token !== undefined),
  };
  return redirect('/profile');
});

/** POST /userinfo: what the provider says about this person now. */
export const callUserinfo = signedIn(async (session, { provider }) => {
  const { claims, tokens } = session.signedIn;
  const config = await provider();
  const userinfo = await client.fetchUserInfo(config, tokens.accessToken, claims.sub);
  const story = userinfoStory(config.serverMetadata().userinfo_endpoint);
  session.signedIn = { ...session.signedIn, userinfo, story };
  return redirect('/profile');
});

/**
 * POST /logout: ends the session here, then at the provider (OpenID Connect RP-Initiated Logout 1.0). The local session
 * goes first: if the provider is away, the person is signed out of this application all the same.
 */
export const signOut: Handler = async ({ sessionId }, { provider, sessions, configuration }) => {
  const idToken = sessions.find(sessionId)?.signedIn?.tokens.idToken;
  sessions.end(sessionId);
  if (idToken === undefined) return redirect('/', null);
  const config = await provider().catch(() => undefined);
  if (config?.serverMetadata().end_session_endpoint === undefined) return redirect('/?state=signed-out', null);
  const location = client.buildEndSessionUrl(config, {
    id_token_hint: idToken,
    post_logout_redirect_uri: new URL('/', configuration.baseUrl).href,
    state: 'signed-out',
  });
  return redirect(location, null);
};

function isSignedIn(session: Session): session is Session & { signedIn: SignedIn } {
  return session.signedIn !== undefined;
}
