import { describe, expect, it } from '@jest/globals';
import { loadConfiguration, type Configuration } from './configuration.js';
import { describeConfiguration } from './settings.js';

const urls = { DATABASE_URL: 'postgres://signet:hunter2@db/signet', NATS_URL: 'nats://signet:hunter2@nats' };
const own = {
  DATABASE_URL_TOKEN: 'postgres://token:hunter2@db/signet',
  NATS_URL_TOKEN: 'nats://token:hunter2@nats',
};
const verified = 'postgres://token:hunter2@db/signet?sslmode=verify-full&sslrootcert=/tls/ca.pem';
const production = {
  SIGNET_ISSUER: 'https://id.example.com',
  SIGNET_TRUSTED_PROXIES: '10.0.0.0/8',
  SIGNET_TLS_BY_MESH: 'database,nats',
};

function load(env: Record<string, string>, services?: Parameters<typeof loadConfiguration>[1]): Configuration {
  const loaded = loadConfiguration({ ...urls, ...env }, services);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  return loaded.ok;
}

function faultsOf(env: Record<string, string>, services?: Parameters<typeof loadConfiguration>[1]): string[] {
  const loaded = loadConfiguration(env, services);
  return 'faults' in loaded ? loaded.faults.map(({ name }) => name) : [];
}

describe('defaults', () => {
  it('are those of a quick start', () => {
    expect(load({})).toMatchObject({
      mode: 'development',
      issuer: 'http://localhost:3000',
      listen: { host: '127.0.0.1', port: 3_000 },
      management: { hosts: ['127.0.0.1'], port: 3_010 },
      keyring: { path: '.data/keyring.json' },
      drain: 0,
      outboxMax: 20 * 1_024 ** 3,
    });
  });

  it('follow the mode and the port', () => {
    expect(load({ ...production, ...own, PORT: '8080' }, ['token'])).toMatchObject({
      mode: 'production',
      listen: { host: undefined, port: 8_080 },
      management: { port: 8_090 },
      drain: 10,
    });
    expect(load({ SIGNET_MANAGEMENT_PORT: '0', SIGNET_DRAIN: '3' })).toMatchObject({ management: undefined, drain: 3 });
    expect(load({ SIGNET_NATS_REPLICAS: '3' }).natsReplicas).toBe(3);
    expect(load({}).natsReplicas).toBeUndefined();
  });

  it('take a service’s own URLs before the common ones', () => {
    expect(load(own).databaseUrls).toMatchObject({ token: own.DATABASE_URL_TOKEN, audit: urls.DATABASE_URL });
  });
});

describe('the issuer', () => {
  it.each([
    ['http://localhost:3000', 'development', 'http://localhost:3000'],
    ['http://localhost:3000/', 'development', 'http://localhost:3000'],
    ['http://127.0.0.1:3000', 'development', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'development', 'http://[::1]:3000'],
    ['https://localhost:3000', 'development', 'https://localhost:3000'],
    ['https://id.localhost', 'development', 'https://id.localhost'],
  ])('%s is %s mode', (issuer, mode, is) => {
    expect(load({ SIGNET_ISSUER: issuer })).toMatchObject({ mode, issuer: is });
  });

  it.each([
    'http://id.example.com',
    'https://id.example.com/auth',
    'https://id.example.com?a=b',
    'https://id.example.com#a',
    'https://user@id.example.com',
    'https://ID.example.com',
    'https://id.example.com:443',
    'http://localhost.example.com',
    'ftp://localhost',
    'localhost:3000',
  ])('%s is a fault', (issuer) => {
    expect(faultsOf({ ...urls, SIGNET_ISSUER: issuer })).toEqual(['SIGNET_ISSUER']);
  });
});

describe('faults', () => {
  it('come all together, unknown names and relations among them, and none quotes a value', () => {
    const loaded = loadConfiguration(
      {
        PORT: 'eighty',
        SIGNET_ISUER: 'https://id.example.com',
        SIGNET_ACME_SHOP_SECRET: 'of a client, for a signet.yaml',
        SIGNET_TLS_CERT: '/tls/cert.pem',
        SIGNET_OUTBOX_MAX: 'much',
        SIGNET_TRUSTED_PROXIES: '10.1.2.0/24,proxy',
        DATABASE_URL: 'mysql://signet:hunter2@db/signet',
        NATS_URL_TOKEN: 'nats://token:hunter2@nats',
        HOME: '/root',
      },
      ['token'],
    );
    if (!('faults' in loaded)) throw new Error('no faults');
    expect(loaded.faults.map(({ name }) => name).sort()).toEqual([
      'DATABASE_URL',
      'PORT',
      'SIGNET_ISUER',
      'SIGNET_OUTBOX_MAX',
      'SIGNET_TLS_KEY',
      'SIGNET_TRUSTED_PROXIES',
    ]);
    expect(JSON.stringify(loaded.faults)).not.toMatch(/hunter2|eighty|much|10\.1/);
  });

  it('come of a keyring that is given twice', () => {
    const json = '{"keys":[]}';
    expect(load({ SIGNET_KEYRING_JSON: json }).keyring).toEqual({ json });
    expect(faultsOf({ ...urls, SIGNET_KEYRING: '/keyring.json', SIGNET_KEYRING_JSON: json })).toEqual([
      'SIGNET_KEYRING_JSON',
    ]);
  });

  it('do not come of empty variables', () => {
    expect(load({ SIGNET_OUTBOX_MAX: '', PORT: '' }).listen.port).toBe(3_000);
  });

  it.each([
    ['an unknown port', { PORT: '0' }, ['SIGNET_ISSUER']],
    ['TLS under an http issuer', { SIGNET_TLS_CERT: 'c', SIGNET_TLS_KEY: 'k' }, ['SIGNET_ISSUER']],
    ['one port for both', { SIGNET_MANAGEMENT_PORT: '3000' }, ['SIGNET_MANAGEMENT_PORT']],
    ['no patience', { SIGNET_DATABASE_PATIENCE: '0' }, ['SIGNET_DATABASE_PATIENCE']],
    ['two copies', { SIGNET_NATS_REPLICAS: '2' }, ['SIGNET_NATS_REPLICAS']],
    ['a failpoint of no name', { SIGNET_FAILPOINT: 'somewhere' }, ['SIGNET_FAILPOINT']],
    ['a rate of no name', { SIGNET_RATE_LIMITS: 'planet=1/1' }, ['SIGNET_RATE_LIMITS']],
    ['a rate of nothing', { SIGNET_RATE_LIMITS: 'network=0/1' }, ['SIGNET_RATE_LIMITS']],
    ['an outbound URL that is no origin', { SIGNET_OUTBOUND_ALLOW: 'http://localhost:1/a' }, ['SIGNET_OUTBOUND_ALLOW']],
    ['a NATS URL of http', { NATS_URL: 'http://nats' }, ['NATS_URL']],
  ])('are told of %s', (_, env, faults) => {
    expect(new Set(faultsOf({ ...urls, ...env }, ['token']))).toEqual(new Set(faults));
  });
});

describe('production mode', () => {
  it.each([
    ['services that share a user', urls, ['token', 'audit'], ['DATABASE_URL', 'NATS_URL']],
    [
      'http for outbound fetches',
      { ...own, SIGNET_OUTBOUND_ALLOW: 'http://a.example' },
      ['token'],
      ['SIGNET_OUTBOUND_ALLOW'],
    ],
    ['failpoints', { ...own, SIGNET_FAILPOINT: 'after-commit' }, ['token'], ['SIGNET_FAILPOINT']],
  ] as const)('refuses %s', (_, env, services, faults) => {
    expect(faultsOf({ ...production, ...env }, services)).toEqual(faults);
  });

  it('accepts failpoints in a test', () => {
    expect(
      load({ ...production, ...own, SIGNET_TEST: '1', SIGNET_FAILPOINT: 'after-commit:token.code.redeem' }, ['token'])
        .failpoint,
    ).toEqual({ name: 'after-commit', detail: 'token.code.redeem' });
    expect(load({ SIGNET_FAILPOINT: '@/run/failpoint' }).failpoint).toEqual({ file: '/run/failpoint' });
  });

  it('is warned of in development: services that share a user', () => {
    const loaded = loadConfiguration(urls);
    expect('warnings' in loaded && loaded.warnings.map(({ name }) => name)).toEqual(['DATABASE_URL', 'NATS_URL']);
  });
});

describe('in production mode plain text', () => {
  const secured = { DATABASE_URL_TOKEN: verified, NATS_URL_TOKEN: 'tls://token:hunter2@a,tls://b' };
  const strict = { SIGNET_ISSUER: production.SIGNET_ISSUER, SIGNET_TRUSTED_PROXIES: '10.0.0.0/8', ...secured };
  const token = ['token'] as const;

  it('is refused wherever it is, all at once, with what to write', () => {
    const loaded = loadConfiguration({ SIGNET_ISSUER: production.SIGNET_ISSUER, ...own }, token);
    if (!('faults' in loaded)) throw new Error('no faults');
    const told = loaded.faults.map(({ name, reason }) => `${name} ${reason}`).join('\n');
    expect(loaded.faults).toHaveLength(3);
    expect(told).toMatch(/^SIGNET_TLS_CERT must be set .*SIGNET_TRUSTED_PROXIES/m);
    expect(told).toMatch(/^DATABASE_URL_TOKEN must end with \?sslmode=verify-full&sslrootcert=/m);
    expect(told).toMatch(/^NATS_URL_TOKEN must be tls:/m);
    expect(told).not.toContain('hunter2');
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['TLS to everything', {}, []],
    ['TLS of its own at the edge', { SIGNET_TRUSTED_PROXIES: '', SIGNET_TLS_CERT: 'c', SIGNET_TLS_KEY: 'k' }, []],
    ['an edge of this machine', { SIGNET_TRUSTED_PROXIES: '', SIGNET_LISTEN: '127.0.0.1' }, []],
    ['an edge of all addresses', { SIGNET_TRUSTED_PROXIES: '', SIGNET_LISTEN: '0.0.0.0' }, ['SIGNET_TLS_CERT']],
    ['sslmode=require', { DATABASE_URL_TOKEN: verified.replace('verify-full', 'require') }, ['DATABASE_URL_TOKEN']],
    ['a mode that is taken back', { DATABASE_URL_TOKEN: `${verified}&sslmode=disable` }, ['DATABASE_URL_TOKEN']],
    ['Postgres on this machine', { DATABASE_URL_TOKEN: 'postgres://token@127.0.0.1/signet' }, []],
    ['Postgres by a socket', { DATABASE_URL_TOKEN: 'postgres:///signet?host=/run/postgresql&user=token' }, []],
    ['a host that wins', { DATABASE_URL_TOKEN: 'postgres://token@localhost/signet?host=db' }, ['DATABASE_URL_TOKEN']],
    ['NATS on this machine', { NATS_URL_TOKEN: 'nats://token@localhost:4222' }, []],
    ['one server of NATS beyond', { NATS_URL_TOKEN: 'nats://token@localhost,nats://b' }, ['NATS_URL_TOKEN']],
    ['half a certificate for NATS', { SIGNET_NATS_CERT: 'c' }, ['SIGNET_NATS_KEY']],
    ['a mesh of something else', { SIGNET_TLS_BY_MESH: 'nats,all' }, ['SIGNET_TLS_BY_MESH']],
  ])('is looked for in %s', (_, env, faults) => {
    expect(faultsOf({ ...strict, ...env }, token)).toEqual(faults);
  });

  it('is taken, with a warning, where a mesh encrypts it', () => {
    const env = { SIGNET_ISSUER: production.SIGNET_ISSUER, SIGNET_TLS_BY_MESH: 'edge, database, nats', ...own };
    const loaded = loadConfiguration(env, token);
    expect('warnings' in loaded && loaded.warnings.map(({ name }) => name)).toEqual(
      Array<string>(3).fill('SIGNET_TLS_BY_MESH'),
    );
  });

  it('is nothing to development mode', () => {
    expect(faultsOf(urls)).toEqual([]);
  });
});

describe('witnesses', () => {
  const key = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
  const witness = { key, url: 'https://witness.example/w1' };
  const given = (value: unknown) => ({ SIGNET_AUDIT_WITNESSES: JSON.stringify(value) });

  it('are their keys and where they are', () => {
    expect(load(given([witness])).witnesses).toMatchObject([
      { key: { name: 'remora.n621.de', type: 'cosignature' }, url: witness.url },
    ]);
    expect(load({}).witnesses).toEqual([]);
  });

  it.each([
    witness,
    [{ ...witness, url: 'witness.example' }],
    [{ ...witness, url: 'ftp://witness.example' }],
    [{ ...witness, key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW' }],
    [{ ...witness, key: key.replace('da77', 'da78') }],
    [{ ...witness, name: 'one' }],
    [witness, { ...witness, url: 'https://witness.example/w2' }],
  ])('are not %j', (value) => {
    expect(faultsOf({ ...urls, ...given(value) }, ['audit'])).toEqual(['SIGNET_AUDIT_WITNESSES']);
  });

  it('are JSON', () => {
    expect(faultsOf({ ...urls, SIGNET_AUDIT_WITNESSES: '[{' }, ['audit'])).toEqual(['SIGNET_AUDIT_WITNESSES']);
  });
});

describe('rates', () => {
  it('replace their defaults one by one', () => {
    expect(load({ SIGNET_RATE_LIMITS: 'network=5/60,client=off' }).rateLimits).toEqual({
      network: { count: 5, seconds: 60 },
      client: undefined,
      tenant: { count: 50_000, seconds: 10 },
    });
    expect(load({ SIGNET_GUESSING: 'off' }).guessing).toEqual({ account: undefined, network: undefined });
  });
});

describe('the description', () => {
  it('has every setting once, and defaults that hold', () => {
    const rows = describeConfiguration();
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(rows.every(({ meaning }) => meaning.length > 10)).toBe(true);
    const settable = rows.filter((row) =>
      /^(?:SIGNET_(?:OUTBOX_MAX|LOG_LEVEL|RATE_LIMITS|GUESSING|DATA)|PORT)$/.test(row.name),
    );
    const stated = load(Object.fromEntries(settable.map((row) => [row.name, row.default])));
    expect(stated).toEqual(load({}));
  });
});
