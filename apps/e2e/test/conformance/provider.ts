import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@signet/testing';
import * as openid from 'openid-client';
import { developmentTls, Plane, trustingFetch, UserAgent, type Form } from '../../src/index.js';
import { RegisteredParty, type Metadata } from './party.js';
import type { Variant } from './profiles.js';
import { BrowserSites } from './browser-sites.js';
import { Site } from './site.js';

/** Everything that the standard scopes can ask for. */
export const person = {
  username: 'alice',
  password: 'wonderland-1',
  claims: {
    name: 'Alice Liddell',
    given_name: 'Alice',
    family_name: 'Liddell',
    middle_name: 'Pleasance',
    nickname: 'Al',
    profile: 'https://alice.example/about',
    picture: 'https://alice.example/portrait.png',
    website: 'https://alice.example',
    gender: 'female',
    birthdate: '1852-05-04',
    zoneinfo: 'Europe/London',
    locale: 'en-GB',
    email: 'alice@wonderland.example',
    email_verified: true,
    address: { formatted: 'Christ Church, Oxford', locality: 'Oxford', country: 'GB' },
    phone_number: '+441865276150',
    phone_number_verified: false,
  },
} as const;

const standardScopes = 'openid profile email address phone offline_access';

/** A provider over https as certification meets it: open registration, one person, and a site for what relying parties publish. */
export class Provider {
  private constructor(
    readonly plane: Plane,
    readonly site: Site,
    readonly sites: BrowserSites,
    readonly fetch: ReturnType<typeof trustingFetch>,
    private readonly directory: string,
  ) {}

  static async start(form: Form): Promise<Provider> {
    const directory = mkdtempSync(path.join(tmpdir(), 'signet-conformance-'));
    const tls = await developmentTls(directory);
    const site = await Site.open(tls);
    const configuration = path.join(directory, 'signet.yaml');
    const { username, password, claims } = person;
    const tenant = {
      slug: 'default',
      name: 'Conformance',
      registration: { mode: 'open' },
      users: [{ username, password, ...claims }],
    };
    writeFileSync(configuration, JSON.stringify({ tenants: [tenant] }));
    // Nobody listens on the port of an application that is never opened.
    const env = { SIGNET_OUTBOUND_ALLOW: site.origin, SIGNET_OUTBOUND_CA: tls.ca };
    const plane = await Plane.start({ form, tls, configuration, env, mains: true });
    const sites = await BrowserSites.open(tls, `${plane.issuer}/check-session`);
    return new Provider(plane, site, sites, trustingFetch(tls.ca), directory);
  }

  get issuer(): string {
    return this.plane.issuer;
  }

  newAgent(): UserAgent {
    return new UserAgent(this.issuer, this.fetch);
  }

  /** Registers a client for a variant, by openid-client; `metadata` goes before what is usual. */
  async register(variant: Variant, metadata: Metadata = {}): Promise<RegisteredParty> {
    const callback = `https://localhost:${await freePort()}/callback`;
    const { responseType } = variant;
    const words = responseType.split(' ');
    const usual = {
      client_name: 'Conformance',
      redirect_uris: [callback],
      response_types: [responseType],
      grant_types: [
        ...(words.includes('code') ? ['authorization_code', 'refresh_token'] : []),
        ...(words.length > 1 || !words.includes('code') ? ['implicit'] : []),
      ],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: standardScopes,
    };
    const wanted = { ...usual, ...metadata };
    const config = await openid.dynamicClientRegistration(
      new URL(this.issuer),
      wanted,
      // Without the secret, which only the answer has; who signs assertions is configured with its key by itself.
      wanted.token_endpoint_auth_method === 'client_secret_post'
        ? openid.ClientSecretPost()
        : openid.ClientSecretBasic(),
      { [openid.customFetch]: (url, options) => this.fetch(url, options as RequestInit) },
    );
    return new RegisteredParty(this, variant, config);
  }

  /** The same, past any library: the answer as it is. */
  async registration(metadata: Metadata): Promise<Response> {
    const { registration_endpoint: endpoint } = await this.discovered();
    return this.fetch(String(endpoint), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(metadata),
    });
  }

  async discovered(): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.fetch(`${this.issuer}/.well-known/openid-configuration`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    await this.sites.close();
    await this.plane.stop();
    await this.site.close();
    this.fetch.close();
    rmSync(this.directory, { recursive: true });
  }
}
