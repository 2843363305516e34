import * as openid from 'openid-client';
import { alice, callback } from './twin-tenants.js';
import { UserAgent, type Fetch } from './user-agent.js';

export type BuildUrl = (config: openid.Configuration, parameters: Record<string, string>) => URL | Promise<URL>;

export interface SignedIn {
  readonly agent: UserAgent;
  /** The URL of the authorization response. */
  readonly response: URL;
  readonly tokens: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers;
  readonly claims: openid.IDToken;
  readonly refreshToken: string;
  readonly idToken: string;
}

/** An application that has openid-client check whatever it can, ID token signatures included. */
export class RelyingParty {
  private constructor(
    readonly config: openid.Configuration,
    private readonly fetch: Fetch | undefined,
  ) {}

  /** `fetch`: for an https issuer whose authority the platform does not know. */
  static async discover(
    issuer: string,
    clientId: string,
    authentication: openid.ClientAuth,
    fetch?: Fetch,
    metadata?: Partial<openid.ClientMetadata>,
  ): Promise<RelyingParty> {
    const config = await openid.discovery(new URL(issuer), clientId, metadata, authentication, {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; http on loopback
      execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
      ...(fetch && { [openid.customFetch]: (url, options) => fetch(url, options as RequestInit) }),
    });
    openid.enableNonRepudiationChecks(config);
    return new RelyingParty(config, fetch);
  }

  newAgent(): UserAgent {
    const { authorization_endpoint: endpoint = '' } = this.config.serverMetadata();
    return new UserAgent(new URL(endpoint).origin, this.fetch);
  }

  /** An authorization request, and how its response is redeemed. `build`: how it comes to the authorization endpoint. */
  async begin(parameters: Readonly<Record<string, string>> = {}, build: BuildUrl = openid.buildAuthorizationUrl) {
    const verifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const url = await build(this.config, {
      redirect_uri: callback,
      scope: 'openid profile email offline_access',
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...parameters,
    });
    const maxAge = parameters['max_age'];
    const redeem = (response: URL) =>
      openid.authorizationCodeGrant(this.config, response, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
        ...(maxAge !== undefined && { maxAge: Number(maxAge) }),
      });
    return { url, redeem };
  }

  /** Sends Alice to Signet, and redeems what she comes back with. */
  async signIn(
    parameters: Readonly<Record<string, string>> = {},
    agent = this.newAgent(),
    build?: BuildUrl,
  ): Promise<SignedIn> {
    const { url, redeem } = await this.begin(parameters, build);
    const response = await agent.authorize(url, alice);
    const tokens = await redeem(response);
    const claims = tokens.claims();
    const { refresh_token: refreshToken, id_token: idToken } = tokens;
    if (!claims || refreshToken === undefined || idToken === undefined) throw new Error('a token is missing');
    return { agent, response, tokens, claims, refreshToken, idToken };
  }
}
