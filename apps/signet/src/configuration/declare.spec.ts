import { describe, expect, it } from '@jest/globals';
import { declaredSecretPlace, declaredTenant } from '@signet/contracts';
import { loadKeyring, newKeyring, openText, sha256Text } from '@signet/keys';
import { declaredTenants } from './declare.js';
import { readSignetFile } from './read.js';

const keyring = loadKeyring(newKeyring());
const secret = 'a secret of thirty-two characters';

function declared(source: string) {
  const reading = readSignetFile(`tenants:\n  - slug: default\n    name: Example\n${source}`, { SECRET: secret });
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  const [tenant] = declaredTenants(reading.file, 'https://id.example', keyring);
  return declaredTenant.parse(tenant);
}

describe('declaredTenants', () => {
  it('takes metadata by its wire names', () => {
    const { clients } = declared(`    clients:
      - client_id: shop
        client_name: Shop
        client_name#fr: Boutique
        token_endpoint_auth_method: private_key_jwt
        jwks_uri: https://shop.example/jwks
        grant_types: [authorization_code, implicit]
        response_types: [id_token code]
        redirect_uris: [https://shop.example/cb]
        profile: fapi2-security
`);
    expect(clients).toEqual([
      expect.objectContaining({
        clientId: 'shop',
        name: 'Shop',
        localized: { 'client_name#fr': 'Boutique' },
        jwksUri: 'https://shop.example/jwks',
        responseTypes: ['code id_token'],
        profile: 'fapi2-security',
        secretHashes: [],
      }),
    ]);
  });

  it('seals the secret of client_secret_jwt alone', () => {
    const client = (method: string) => `      - client_id: ${method}
        client_secret: \${env:SECRET}
        token_endpoint_auth_method: ${method}
        redirect_uris: [https://shop.example/cb]
`;
    const { clients } = declared(`    clients:\n${client('client_secret_jwt')}${client('client_secret_post')}`);
    const [sealed, hashed] = clients;
    const place = declaredSecretPlace({ issuer: 'https://id.example', clientId: 'client_secret_jwt' });
    const opened = openText(keyring, 'client', sealed?.sealedSecrets?.[0] ?? '', place);
    expect(Buffer.from(opened ?? []).toString('utf8')).toBe(secret);
    expect(sealed?.secretHashes).toEqual([sha256Text(secret)]);
    expect(hashed).not.toHaveProperty('sealedSecrets');
  });

  it.each([
    ['client_secret_jwt', undefined, 'thirty-one characters and no mor', true],
    ['client_secret_jwt', undefined, 'thirty-one characters, no more.', false],
    ['client_secret_jwt', 'HS512', secret, false],
    ['client_secret_basic', undefined, 'demo-secret', true],
  ])('%s by %s: a secret of %j is %s', (method, alg, text, right) => {
    const source = `tenants: [{ slug: default, name: A, clients: [{ client_id: a, client_secret: '${text}', redirect_uris: ['https://a.example/'],
      token_endpoint_auth_method: ${method}${alg ? `, token_endpoint_auth_signing_alg: ${alg}` : ''} }] }]`;
    expect(readSignetFile(source, {}).ok).toBe(right);
  });

  it('takes all standard claims of a user', () => {
    const { users, scopes } = declared(`    users:
      - username: alice
        nickname: Al
        phone_number: '+44 20 7946 0000'
        phone_number_verified: true
        address: { locality: Oxford, country: United Kingdom }
`);
    expect(users[0]?.claims).toEqual({
      preferred_username: 'alice',
      nickname: 'Al',
      phone_number: '+44 20 7946 0000',
      phone_number_verified: true,
      address: { locality: 'Oxford', country: 'United Kingdom' },
    });
    expect(scopes.map(({ name }) => name)).toEqual([
      'openid',
      'profile',
      'email',
      'address',
      'phone',
      'offline_access',
    ]);
  });
});
