import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createInitialAccessToken, findClient, findClientWithSecrets, sealedSecretPlace } from '@signet/contracts';
import { openText, sha256Text } from '@signet/keys';
import { DEVICE_CODE_GRANT_TYPE } from '@signet/protocol';
import { errorOf, metadata, registered, Registering } from './registering.js';

const pairwise = { ...metadata, subject_type: 'pairwise' };

let the: Registering;
let next = 0;

beforeAll(async () => {
  the = await Registering.start();
});
afterAll(() => the.stop());
// Each test has a tenant of its own.
beforeEach(() => the.use({ mode: 'open' }));

describe('registration', () => {
  it('answers with everything that it registered, defaults included, and keeps hashes alone', async () => {
    const answer = await the.register({
      ...metadata,
      'client_name#fr': 'Boutique',
      contacts: ['ops@shop.example'],
      // RFC 7591 section 2.3: nobody here vouches for software.
      software_statement: 'eyJhbGciOiJub25lIn0.e30.',
      unknown: 1,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const client = registered.parse(answer.body);
    expect(client).toEqual({
      ...metadata,
      client_id: expect.any(String),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: expect.any(Number),
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `https://id.acme.example/register/t/${the.at.slug}/${client.client_id}`,
      'client_name#fr': 'Boutique',
      contacts: ['ops@shop.example'],
      post_logout_redirect_uris: [],
      application_type: 'web',
      subject_type: 'public',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      scope: 'offline_access openid profile',
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'RS256',
      require_auth_time: false,
    });
    // RFC 9700 section 4.15: subjects have neither this length nor this form.
    expect(client.client_id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const reference = { tenantId: the.at.tenant, clientId: client.client_id };
    const stored = await the.on.requester.request(findClientWithSecrets, reference);
    expect(stored).toMatchObject({
      consent: 'remembered',
      profile: 'oidc',
      introspects: [],
      enabled: true,
      version: 1,
      registration: 'open',
    });
    expect(stored.secretHashes).toEqual([sha256Text(client.client_secret ?? '')]);
    const events = await the.eventsOf(`client:${client.client_id}`);
    expect(events).toMatchObject([{ type: 'signet.directory.client.created.v1', reason: 'dynamic_registration' }]);
    const told = JSON.stringify(events);
    expect(told).toContain('contacts');
    expect(told).not.toContain('ops@shop.example');
    expect(told).not.toContain(client.client_secret);
  });

  it('seals the secret of client_secret_jwt, which is as long as its MAC asks', async () => {
    const { client } = await the.client({
      ...metadata,
      token_endpoint_auth_method: 'client_secret_jwt',
      token_endpoint_auth_signing_alg: 'HS512',
    });
    expect(client.client_secret).toHaveLength(86);
    const reference = { tenantId: the.at.tenant, clientId: client.client_id };
    const { sealedSecrets } = await the.on.requester.request(findClientWithSecrets, reference);
    const opened = openText(the.on.keyring, 'client', sealedSecrets?.[0] ?? '', sealedSecretPlace(reference));
    expect(Buffer.from(opened ?? []).toString('utf8')).toBe(client.client_secret);
  });

  it('gives no secret to a public client', async () => {
    const { client } = await the.client({ ...metadata, token_endpoint_auth_method: 'none' });
    expect(client).not.toHaveProperty('client_secret');
    expect(client).not.toHaveProperty('client_secret_expires_at');
  });

  it('registers of the scopes asked for those that are registrable, and never what administrators decide', async () => {
    const { client } = await the.client({
      ...metadata,
      scope: 'openid orders:read admin',
      consent: 'first_party',
      introspects: ['https://orders.example'],
      profile: 'fapi2-security',
    });
    expect(client).toMatchObject({ scope: 'openid' });
    expect(client).not.toHaveProperty('consent');
    const stored = await the.on.requester.request(findClient, { tenantId: the.at.tenant, clientId: client.client_id });
    expect(stored).toMatchObject({ consent: 'remembered', introspects: [], profile: 'oidc' });
  });

  it.each<[string, unknown, string]>([
    ['no metadata', [], 'invalid_client_metadata'],
    ['null', null, 'invalid_client_metadata'],
    ['a text', '"text"', 'invalid_client_metadata'],
    ['no redirect URI', {}, 'invalid_redirect_uri'],
    ['a fragment', { redirect_uris: ['https://a.example/#b'] }, 'invalid_redirect_uri'],
    ['a script', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['a number', { redirect_uris: [7] }, 'invalid_redirect_uri'],
    [
      'many redirect URIs',
      { redirect_uris: Array.from({ length: 51 }, (_, i) => `https://a.example/${i}`) },
      'invalid_redirect_uri',
    ],
    ['a grant type that is none', { ...metadata, grant_types: ['password'] }, 'invalid_client_metadata'],
    ['types that do not fit', { ...metadata, response_types: ['id_token'] }, 'invalid_client_metadata'],
    [
      'pairwise subjects for whoever polls',
      { ...pairwise, grant_types: ['authorization_code', DEVICE_CODE_GRANT_TYPE] },
      'invalid_client_metadata',
    ],
    [
      'pairwise subjects in logout tokens to another host',
      { ...pairwise, backchannel_logout_uri: 'https://elsewhere.example/logout' },
      'invalid_client_metadata',
    ],
    [
      'pairwise subjects at a host and at one that a private-use scheme names',
      { ...pairwise, redirect_uris: [...metadata.redirect_uris, 'com.evil.app://shop.example/cb'] },
      'invalid_client_metadata',
    ],
    [
      'pairwise subjects in logout tokens to a host that a private-use scheme names',
      {
        ...{ ...pairwise, redirect_uris: ['com.evil.app://elsewhere.example/cb'] },
        backchannel_logout_uri: 'https://elsewhere.example/logout',
      },
      'invalid_client_metadata',
    ],
    ['a script for a link', { ...metadata, policy_uri: 'javascript:alert(1)' }, 'invalid_client_metadata'],
    ['http for login', { ...metadata, initiate_login_uri: 'http://shop.example/' }, 'invalid_client_metadata'],
    ['NUL', { ...metadata, client_name: 'a\u0000b' }, 'invalid_client_metadata'],
    ['a private key', { ...metadata, jwks: { keys: [{ kty: 'EC', d: 'x' }] } }, 'invalid_client_metadata'],
    ['scopes that are all foreign', { ...metadata, scope: 'admin' }, 'invalid_client_metadata'],
    ['a localised name that is none', { ...metadata, 'client_name#fr': [] }, 'invalid_client_metadata'],
  ])('refuses %s', async (_, body, error) => {
    expect(errorOf(await the.register(body))).toEqual([400, error]);
  });

  it.each<[string, string, string, number]>([
    ['a form', 'redirect_uris=https://a.example/', 'application/x-www-form-urlencoded', 415],
    ['text', '{}', 'text/plain', 415],
    ['JSON that is none', '{', 'application/json', 400],
    ['a prototype', '{"__proto__":{"admin":true}}', 'application/json', 400],
    ['more than 64 KiB', JSON.stringify({ x: 'x'.repeat(65_536) }), 'application/json', 413],
  ])('refuses a body of %s', async (_, body, type, status) => {
    expect(await the.register(body, { type })).toMatchObject({ status });
  });

  it('has pairwise subjects of a host with logout tokens to the same, and device codes with public ones', async () => {
    const logout = await the.register({ ...pairwise, backchannel_logout_uri: 'https://shop.example:8443/logout' });
    const device = await the.register({ ...metadata, grant_types: ['authorization_code', DEVICE_CODE_GRANT_TYPE] });
    expect([logout.status, device.status]).toEqual([201, 201]);
  });

  it('records that it refused', async () => {
    await the.register({ redirect_uris: ['javascript:alert(1)'] });
    expect(await the.eventsOf('registration:%')).toMatchObject([
      { type: 'signet.directory.registration.refused.v1', reason: 'invalid_redirect_uri' },
    ]);
  });

  it('is not there where the policy is closed or the tenant is not', async () => {
    await the.use(undefined);
    expect(await the.register()).toMatchObject({ status: 404 });
    the.at = { ...the.at, slug: 'nobody' };
    expect(await the.register()).toMatchObject({ status: 404 });
  });

  it('follows the policy of the tenant', async () => {
    await the.use({
      mode: 'open',
      redirectHosts: ['shop.example', '*.acme.example'],
      grantTypes: ['authorization_code'],
      authMethods: ['none'],
      scopes: ['openid', 'orders:read'],
    });
    const fits = { ...metadata, token_endpoint_auth_method: 'none' };
    const answer = await the.register({ ...fits, redirect_uris: ['https://shop.example/', 'https://a.acme.example/'] });
    expect(answer).toMatchObject({ status: 201, body: { scope: 'openid orders:read' } });
    expect(errorOf(await the.register(metadata))).toEqual([400, 'invalid_client_metadata']);
    const foreign = ['https://acme.example/', 'https://shop.example.evil.example/', 'https://xacme.example/'];
    for (const uri of [...foreign, 'com.evil.app://shop.example/cb', 'com.evil.app:/cb']) {
      expect(errorOf(await the.register({ ...fits, redirect_uris: [uri] }))).toEqual([400, 'invalid_redirect_uri']);
    }
    const refresh = await the.register({ ...fits, grant_types: ['authorization_code', 'refresh_token'] });
    expect(errorOf(refresh)).toEqual([400, 'invalid_client_metadata']);
  });
});

describe('an initial access token', () => {
  const tokenOf = async (uses: number, lifetime?: number) => {
    const token = `token-${++next}`;
    const made = {
      tenantId: the.at.tenant,
      hash: sha256Text(token),
      uses,
      ...(lifetime !== undefined && { lifetime }),
    };
    await the.on.requester.request(createInitialAccessToken, made);
    return token;
  };
  beforeEach(async () => {
    await the.use({ mode: 'initial_access_token' });
  });

  it('registers as often as it says, however many try at once', async () => {
    const bearer = await tokenOf(2);
    const answers = await Promise.all(Array.from({ length: 6 }, () => the.register(metadata, { bearer })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 401, 401, 401, 401]);
    const rows = await the.on.database.query('select from directory.client where tenant_id = $1', [the.at.tenant]);
    expect(rows).toHaveLength(2);
  });

  it('vouches for who registered with it', async () => {
    const answer = await the.register(metadata, { bearer: await tokenOf(1) });
    const { client_id: clientId } = registered.parse(answer.body);
    const stored = await the.on.requester.request(findClient, { tenantId: the.at.tenant, clientId });
    expect(stored).toMatchObject({ registration: 'protected' });
  });

  it('is not spent by what is refused', async () => {
    const bearer = await tokenOf(1);
    expect(errorOf(await the.register({}, { bearer }))).toEqual([400, 'invalid_redirect_uri']);
    expect(await the.register(metadata, { bearer })).toMatchObject({ status: 201 });
  });

  it.each<[string, () => Promise<string | undefined>]>([
    ['none', () => Promise.resolve(undefined)],
    ['a wrong one', () => Promise.resolve('wrong')],
    [
      "another tenant's",
      async () => {
        const own = the.at;
        await the.use({ mode: 'initial_access_token' });
        const token = await tokenOf(1);
        the.at = own;
        return token;
      },
    ],
    [
      'one that is over',
      async () => {
        const token = await tokenOf(1, 100);
        await the.on.database.query(
          `set local session_replication_role = replica; update directory.initial_access_token set expires_at = now() where tenant_id = '${the.at.tenant}'`,
        );
        return token;
      },
    ],
  ])('is asked for: %s', async (_, make) => {
    const bearer = await make();
    const answer = await the.register(metadata, bearer === undefined ? {} : { bearer });
    expect(errorOf(answer)).toEqual([401, 'invalid_token']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  });
});
