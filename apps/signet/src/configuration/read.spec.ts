import { describe, expect, it } from '@jest/globals';
import { describeFaults, readSignetFile } from './read.js';

const minimal = (client: string) => `
tenants:
  - slug: default
    name: Example
    clients:
      - ${client}
`;

describe('readSignetFile', () => {
  it('fills in the environment within strings, with defaults', () => {
    const reading = readSignetFile(
      minimal(
        "{ client_id: 'a-${env:SUFFIX}', client_secret: '${env:SECRET:-from-default}', redirect_uris: ['http://localhost:${env:P:-3001}/cb'] }",
      ),
      { SUFFIX: 'one' },
    );
    expect(reading).toMatchObject({
      ok: true,
      file: {
        tenants: [
          {
            clients: [
              { client_id: 'a-one', client_secret: 'from-default', redirect_uris: ['http://localhost:3001/cb'] },
            ],
          },
        ],
      },
    });
  });

  it('reports every fault at once, with path and line', () => {
    const reading = readSignetFile(
      `tenants:
  - slug: Not A Slug
    name: Example
    colour: red
    clients:
      - client_id: demo
        client_secret: \${env:MISSING}
      - client_id: demo
        token_endpoint_auth_method: none
        client_secret: public-clients-have-none
        redirect_uris: [not-a-url]
`,
      {},
    );
    expect(reading.ok).toBe(false);
    const faults = reading.ok ? [] : reading.faults;
    const paths = faults.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'tenants[0].clients[0].client_secret',
        'tenants[0].slug',
        'tenants[0]',
        'tenants[0].clients[1].redirect_uris[0]',
      ]),
    );
    expect(faults.find(({ path }) => path === 'tenants[0].slug')?.line).toBe(2);
    expect(describeFaults('signet.yaml', faults)).toMatch(/signet\.yaml:2 {2}tenants\[0\]\.slug: /);
  });

  it('refuses what stands twice', () => {
    const twice = readSignetFile(
      `tenants: [{ slug: default, name: A, users: [{ username: Ann }, { username: "a\\u00adnn" }] }]`,
      {},
    );
    expect(twice).toMatchObject({ ok: false, faults: [{ path: 'tenants[0].users[1]' }] });
  });

  it.each([
    [
      'a public client with a secret',
      "{ client_id: a, token_endpoint_auth_method: none, client_secret: 12345678, redirect_uris: ['https://a.example/'] }",
    ],
    ['a confidential client without', "{ client_id: a, redirect_uris: ['https://a.example/'] }"],
    ['code without a redirect URI', '{ client_id: a, client_secret: long-enough }'],
    [
      'client_credentials for a public client',
      '{ client_id: a, token_endpoint_auth_method: none, grant_types: [client_credentials] }',
    ],
  ])('refuses %s', (_, client) => {
    expect(readSignetFile(minimal(client), {}).ok).toBe(false);
  });

  it.each(['', 'tenants: [', '[]', 'tenants: {}', 'tenants: &a [*a]', '\u0000'])(
    'refuses %j without throwing',
    (source) => {
      expect(readSignetFile(source, {}).ok).toBe(false);
    },
  );
});
