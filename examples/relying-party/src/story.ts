import type { IDToken } from 'openid-client';

/** One thing that happened, in words for the person in front of the page. */
export interface Step {
  readonly title: string;
  readonly detail: string;
}

export const WHAT_WILL_HAPPEN: readonly Step[] = [
  {
    title: 'You are sent to the provider',
    detail: 'With a state, a nonce and the hash of a secret that only this server knows (PKCE).',
  },
  {
    title: 'You sign in there',
    detail:
      'Your password goes to the provider and to nobody else. It may ask what this application is allowed to see.',
  },
  {
    title: 'You come back with a code',
    detail: 'It works once, within a minute or so, and only for this application together with its PKCE secret.',
  },
  {
    title: 'This server trades the code for tokens',
    detail: 'Directly with the provider, then verifies the ID token before it believes a word of it.',
  },
];

export function signedInStory(claims: IDToken, tokenEndpoint: string | undefined): readonly Step[] {
  return [
    {
      title: 'You came back with a code',
      detail: 'Its state was the one this browser left with, and iss named the provider.',
    },
    {
      title: 'The code was traded for tokens',
      detail: `A POST to ${tokenEndpoint ?? 'the token endpoint'}, with the client’s secret and the PKCE code_verifier.`,
    },
    {
      title: 'The ID token was verified',
      detail: `Its signature by a key of the provider’s JWKS, iss ${claims.iss}, aud this client, exp in the future, and the nonce that we sent.`,
    },
    {
      title: 'A session began here',
      detail: 'Your browser got a new HttpOnly cookie. The tokens stay on this server.',
    },
  ];
}

export function refreshedStory(rotated: boolean): readonly Step[] {
  return [
    { title: 'The refresh token was spent', detail: 'A POST to the token endpoint with grant_type=refresh_token.' },
    {
      title: rotated ? 'A new refresh token came with the new access token' : 'A new access token came',
      detail: rotated
        ? 'Refresh tokens rotate: if the old one is ever used again, the provider ends the whole family.'
        : 'The provider did not rotate the refresh token, so the one we have stays in use.',
    },
    { title: 'The new ID token names the same person', detail: 'Its sub was compared with the first one’s.' },
  ];
}

export function userinfoStory(endpoint: string | undefined): readonly Step[] {
  return [
    {
      title: 'The provider was asked about you',
      detail: `A GET of ${endpoint ?? 'userinfo'}, with the access token as Bearer.`,
    },
    {
      title: 'The answer is about the same person',
      detail: 'Its sub is the ID token’s; anything else would have been refused.',
    },
  ];
}
