import { createHash } from 'node:crypto';
import type {
  ClientAssertions,
  ClientDirectory,
  ClientJwts,
  ClientWithSecrets,
  Digests,
  GrantFacts,
  IdTokenHints,
  RefreshMac,
  ResourceServer,
} from '../src/index.js';

export const TENANT = '0190a000-0000-7000-8000-000000000001';
export const ISSUER = 'https://id.example';
export const API = 'https://api.example';

/** Micros of 2026-01-01T00:00:00Z. */
export const NOW = Date.UTC(2026, 0, 1) * 1000;
export const SECOND = 1_000_000;

/** The real primitives: a protocol check that holds with them holds in the product. */
export const digests: Digests = {
  sha256: (text) => createHash('sha256').update(text, 'utf8').digest('base64url'),
  equal: (left, right) => left === right,
};

/** Two MAC keys, the first of them current. */
export const refreshMac: RefreshMac = {
  currentKeyId: () => 'k2',
  compute: (keyId, message) => (['k1', 'k2'].includes(keyId) ? digests.sha256(`${keyId}|${message}`) : undefined),
};

/** A confidential client of the code flow with refresh tokens. */
export const aClient = (overrides: Partial<ClientWithSecrets> = {}): ClientWithSecrets => ({
  clientId: 'shop',
  tenantId: TENANT,
  version: 1,
  enabled: true,
  name: 'Shop',
  redirectUris: ['https://shop.example/callback'],
  postLogoutRedirectUris: ['https://shop.example/'],
  grantTypes: ['authorization_code', 'refresh_token'],
  responseTypes: ['code'],
  tokenEndpointAuthMethod: 'client_secret_basic',
  secretHashes: [digests.sha256('shop-secret')],
  requirePkce: false,
  scopes: ['openid', 'profile', 'email', 'offline_access', 'demo:read'],
  idTokenSignedResponseAlg: 'RS256',
  consent: 'remembered',
  profile: 'oidc',
  requireAuthTime: false,
  introspects: [],
  registration: 'operator',
  ...overrides,
});

export const aPublicClient = (overrides: Partial<ClientWithSecrets> = {}): ClientWithSecrets =>
  aClient({ clientId: 'spa', tokenEndpointAuthMethod: 'none', secretHashes: [], ...overrides });

export const anApi: ResourceServer = { identifier: API, scopes: ['demo:read', 'demo:write'] };

export const directoryOf = (...clients: readonly ClientWithSecrets[]): ClientDirectory<ClientWithSecrets> => ({
  find: (clientId) => {
    const client = clients.find((candidate) => candidate.clientId === clientId);
    return Promise.resolve(client && { client, resourceServers: [anApi] });
  },
});

/** The ID tokens that come back as hints: one of Alice's, of whichever client. */
export const hints: IdTokenHints = {
  subjectOf: (hint) => Promise.resolve(hint === 'of-alice' ? 'sub-alice' : undefined),
};

export const basic = (clientId: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;

export const form = (members: Readonly<Record<string, string>>): string => new URLSearchParams(members).toString();

export const someFacts = (overrides: Partial<GrantFacts> = {}): GrantFacts => ({
  instance: '0190a000-0000-7000-8000-00000000000a',
  grant: '0190a000-0000-7000-8000-00000000000b',
  account: '0190a000-0000-7000-8000-00000000000c',
  sub: 'sub-alice',
  session: '0190a000-0000-7000-8000-00000000000d',
  sid: 'sid-1',
  since: NOW - 60 * SECOND,
  scopes: ['openid', 'demo:read'],
  resources: [],
  authTime: NOW - 30 * SECOND,
  acr: 'urn:signet:acr:password',
  amr: ['pwd'],
  nonce: 'n-1',
  expiresAt: NOW + 36_000 * SECOND,
  ...overrides,
});

/** A JWT of a client as protocol checks see it: `by` stands for whose key signed it. */
export const aClientJwt = (jwt: {
  readonly by: string;
  readonly alg?: string;
  readonly typ?: string;
  readonly claims: Readonly<Record<string, unknown>>;
}): string => Buffer.from(JSON.stringify(jwt)).toString('base64url');

const readJwt = (jwt: string) => {
  try {
    return JSON.parse(Buffer.from(jwt, 'base64url').toString()) as Parameters<typeof aClientJwt>[0];
  } catch {
    return undefined;
  }
};

export const clientJwts: ClientJwts = {
  unverifiedClaims: (jwt) => readJwt(jwt)?.claims,
  verify: ({ jwt, client, algorithms }) => {
    const read = readJwt(jwt);
    if (read === undefined || !algorithms.some((alg) => alg === (read.alg ?? 'RS256')))
      return Promise.resolve({ ok: false, fault: 'algorithm' });
    if (read.by !== client.clientId) return Promise.resolve({ ok: false, fault: 'signature' });
    return Promise.resolve({ ok: true, typ: read.typ, claims: read.claims });
  },
};

/** Assertions at the token endpoint; each `jti` once. */
export const clientAssertions = (): ClientAssertions => {
  const spent = new Set<string>();
  return {
    jwts: clientJwts,
    recipients: {
      issuer: ISSUER,
      tokenEndpoint: `${ISSUER}/token`,
      endpoint: `${ISSUER}/token`,
      endpoints: [`${ISSUER}/token`, `${ISSUER}/par`, `${ISSUER}/userinfo`],
    },
    spent: {
      spend: ({ clientId, jtiHash, expiresAt }) => {
        const key = `${clientId} ${jtiHash} ${expiresAt}`;
        const first = !spent.has(key);
        spent.add(key);
        return Promise.resolve(first);
      },
    },
    clock: { now: () => NOW },
  };
};
