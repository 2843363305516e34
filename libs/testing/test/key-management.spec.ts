import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeyManagement } from '@signet/keys';
import { KeyManagementFailure, keyManagement, keyManagementSettings } from '@signet/service';
import { LoopbackAwsKms, LoopbackGcpKms, LoopbackVault } from '../src/index.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-kms-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});
function file(name: string, text: string): string {
  const at = path.join(directory, name);
  writeFileSync(at, text);
  return at;
}

/** A service that is told by the environment, with two keys, of which `missing` is none. */
interface Made {
  readonly server: LoopbackVault | LoopbackAwsKms | LoopbackGcpKms;
  readonly env: () => Record<string, string>;
  readonly names: { readonly key: string; readonly other: string; readonly missing: string };
  readonly deny: () => void;
  readonly expire: () => void;
  /** What its credentials hold that no message may. */
  readonly secrets: readonly string[];
  /** Requests that one use of the key takes. */
  readonly requests: number;
  /** What the service gives for the same bytes under the same key, for somebody else's purpose. */
  readonly ofOtherPurpose: (dataKey: Uint8Array) => string;
}

const open = ({ env }: Pick<Made, 'env'>, name: string): KeyManagement =>
  keyManagement(keyManagementSettings(env()))(name);

async function failureOf(asked: Promise<unknown>): Promise<KeyManagementFailure> {
  const failure = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof KeyManagementFailure) return failure;
  throw new Error('it did not fail as it should', { cause: failure });
}

function describeKeyManagement(service: string, make: () => Made): void {
  describe(service, () => {
    const dataKey = randomBytes(32);
    let made: Made;
    let management: KeyManagement;
    beforeEach(async () => {
      made = make();
      await made.server.start();
      made.server.makeKey(made.names.key.slice(made.names.key.indexOf(':') + 1));
      made.server.makeKey(made.names.other.slice(made.names.other.indexOf(':') + 1));
      management = open(made, made.names.key);
    });
    afterEach(() => made.server.stop());

    /** It is a sentence, and holds nothing that is nobody's business. */
    const expectFault = async (asked: Promise<unknown>, fault: string, ...more: string[]) => {
      const failure = await failureOf(asked);
      expect([failure.fault, failure.message]).toEqual([fault, failure.message]);
      expect(failure.message).toMatch(/^[^.]*127\.0\.0\.1:\d+[^\n]{20,}$/);
      const hidden = [...made.secrets, dataKey.toString('base64'), dataKey.toString('base64url'), ...more];
      for (const secret of hidden) expect(failure.message).not.toContain(secret);
    };

    it('gives back what it wrapped, each time in another text', async () => {
      const [one, two] = [await management.wrap(dataKey), await management.wrap(dataKey)];
      expect(one).not.toBe(two);
      for (const wrapped of [one, two]) {
        expect(wrapped).toMatch(/^[\x21-\x7e]{1,8192}$/);
        expect(wrapped).not.toContain(dataKey.toString('base64'));
        expect(dataKey.equals(await management.unwrap(wrapped))).toBe(true);
      }
      expect(made.server.requests).toHaveLength(4 * made.requests);
    });

    it('opens nothing of another key, of another purpose, or that was changed', async () => {
      const ofOther = await open(made, made.names.other).wrap(dataKey);
      await expectFault(management.unwrap(ofOther), 'foreign', ofOther);

      const wrapped = await management.wrap(dataKey);
      const at = wrapped.length - 20;
      const changed = wrapped.slice(0, at) + (wrapped[at] === 'A' ? 'B' : 'A') + wrapped.slice(at + 1);
      await expectFault(management.unwrap(changed), 'foreign', changed);

      const ofOtherPurpose = made.ofOtherPurpose(dataKey);
      await expectFault(management.unwrap(ofOtherPurpose), 'foreign', ofOtherPurpose);
      await expectFault(management.unwrap('swordfish'), 'foreign', 'swordfish');
    });

    it('says which key is not there', async () => {
      const asked = open(made, made.names.missing).unwrap(await management.wrap(dataKey));
      await expectFault(asked, 'unknown_key');
    });

    it('says that it is denied, or that what it was let in by has expired', async () => {
      const wrapped = await management.wrap(dataKey);
      made.deny();
      await expectFault(management.unwrap(wrapped), 'denied', wrapped);
      made.expire();
      await expectFault(management.unwrap(wrapped), 'expired', wrapped);
    });

    it('asks once more where the service fails, and no third time', async () => {
      const wrapped = await management.wrap(dataKey);
      const before = made.server.requests.length;
      made.server.failures.push(503);
      expect(dataKey.equals(await management.unwrap(wrapped))).toBe(true);
      expect(made.server.requests).toHaveLength(before + made.requests + 1);
      made.server.failures.push(429, 500);
      await expectFault(management.unwrap(wrapped), 'unreachable', wrapped);
      expect(made.server.requests).toHaveLength(before + made.requests + 3);
    });

    it('is unreachable while it is away, and answers when it is back', async () => {
      const wrapped = await management.wrap(dataKey);
      await made.server.stop();
      await expectFault(management.unwrap(wrapped), 'unreachable', wrapped);
      await made.server.start();
      expect(dataKey.equals(await management.unwrap(wrapped))).toBe(true);
    });

    it.each([
      ['what is no JSON', 200, 'Welcome to the proxy'],
      ['another form', 200, '{}'],
      ['a redirect', 302, ''],
      ['more than an answer is', 200, JSON.stringify({ data: { plaintext: 'A'.repeat(100_000) } })],
    ])('takes no %s for an answer', async (_what, status, body) => {
      const wrapped = await management.wrap(dataKey);
      made.server.reply = { status, body };
      const failure = await failureOf(management.unwrap(wrapped));
      expect(['answer', 'unreachable', 'denied']).toContain(failure.fault);
      expect(failure.message).not.toContain(body.slice(0, 20) || wrapped);
    });
  });
}

function sealed(server: Made['server'], key: string, dataKey: Uint8Array, purpose: string): string {
  return server.encrypt(key, dataKey, Buffer.from(purpose))?.toString('base64') ?? '';
}

function vault(): Made & { readonly server: LoopbackVault } {
  const server = new LoopbackVault();
  server.tokens.add('hvs.swordfish');
  return {
    server,
    env: () => ({
      VAULT_ADDR: `${server.origin}/`,
      SIGNET_KMS_VAULT_TOKEN_FILE: file('vault-token', 'hvs.swordfish\n'),
    }),
    names: {
      key: 'vault:teams/transit/signet',
      other: 'vault:teams/transit/other',
      missing: 'vault:teams/transit/none',
    },
    deny: () => server.denied.add('/v1/teams/transit/decrypt/signet'),
    expire: () => server.expired.add('hvs.swordfish'),
    secrets: ['hvs.swordfish'],
    requests: 1,
    ofOtherPurpose: (dataKey) => `vault:v1:${sealed(server, 'teams/transit/signet', dataKey, 'other')}`,
  };
}

const arn = (id: string) => `arn:aws:kms:eu-central-1:111122223333:key/${id}`;
function aws(): Made & { readonly server: LoopbackAwsKms } {
  const server = new LoopbackAwsKms('eu-central-1');
  const key = { accessKeyId: 'AKIASIGNET', secretAccessKey: 'swordfish/+=', sessionToken: 'session+of/it==' };
  server.accessKeys.push(key);
  return {
    server,
    env: () => ({
      ...{ AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey },
      ...{ AWS_SESSION_TOKEN: key.sessionToken, AWS_ENDPOINT_URL_KMS: server.origin },
    }),
    names: { key: `aws-kms:${arn('signet')}`, other: `aws-kms:${arn('other')}`, missing: `aws-kms:${arn('none')}` },
    deny: () => server.denied.add('TrentService.Decrypt'),
    expire: () => server.expired.add(key.accessKeyId),
    secrets: [key.secretAccessKey, key.sessionToken],
    requests: 1,
    ofOtherPurpose: (dataKey) => sealed(server, arn('signet'), dataKey, '{"purpose":"other"}'),
  };
}

const resource = (name: string) => `projects/acme/locations/europe-west3/keyRings/id/cryptoKeys/${name}`;
function gcp(): Made & { readonly server: LoopbackGcpKms } {
  const server = new LoopbackGcpKms();
  return {
    server,
    env: () => ({ GCE_METADATA_HOST: server.host, SIGNET_KMS_GCP_ENDPOINT: server.origin }),
    names: {
      key: `gcp-kms:${resource('signet')}`,
      other: `gcp-kms:${resource('other')}`,
      missing: `gcp-kms:${resource('none')}`,
    },
    deny: () => (server.denied = true),
    expire: () => (server.expired = true),
    secrets: ['ya29.of-the-workload'],
    requests: 2,
    ofOtherPurpose: (dataKey) => sealed(server, resource('signet'), dataKey, 'other'),
  };
}

describeKeyManagement('Vault', vault);
describeKeyManagement('AWS KMS', aws);
describeKeyManagement('Google Cloud KMS', gcp);

describe('what each is asked by', () => {
  const dataKey = randomBytes(32);
  let on: Made['server'] | undefined;
  afterEach(() => on?.stop());

  async function started<M extends Made>(made: M): Promise<M> {
    on = made.server;
    await made.server.start();
    for (const name of Object.values(made.names).slice(0, 2)) made.server.makeKey(name.slice(name.indexOf(':') + 1));
    return made;
  }
  const opens = async (made: Pick<Made, 'env'>, name: string) => {
    const management = open(made, name);
    return dataKey.equals(await management.unwrap(await management.wrap(dataKey)));
  };

  it('Vault: a token that is read anew each time', async () => {
    const made = await started(vault());
    const management = open(made, made.names.key);
    file('vault-token', 'hvs.of-nobody');
    expect((await failureOf(management.wrap(dataKey))).fault).toBe('denied');
    file('vault-token', 'hvs.swordfish');
    await management.wrap(dataKey);
  });

  it('Vault: a namespace, and a service account by its role', async () => {
    const made = await started(vault());
    made.server.namespace = 'acme/id';
    made.server.jwts.set('signet', 'eyJ.of-the-pod.sig');
    const env = (jwt: string) => () => ({
      ...{ VAULT_ADDR: made.server.origin, VAULT_NAMESPACE: 'acme/id', SIGNET_KMS_VAULT_ROLE: 'signet' },
      ...{ SIGNET_KMS_VAULT_AUTH: 'clusters/one', SIGNET_KMS_VAULT_JWT_FILE: file('jwt', jwt) },
    });
    expect(await opens({ env: env('eyJ.of-the-pod.sig') }, made.names.key)).toBe(true);
    expect(made.server.requests.map(({ path: asked }) => asked)).toEqual([
      ...['/v1/auth/clusters/one/login', '/v1/teams/transit/encrypt/signet'],
      ...['/v1/auth/clusters/one/login', '/v1/teams/transit/decrypt/signet'],
    ]);
    const failure = await failureOf(open({ env: env('eyJ.of-another.sig') }, made.names.key).wrap(dataKey));
    expect([failure.fault, failure.message.includes('eyJ')]).toEqual(['denied', false]);
  });

  it('AWS: a role by a web identity', async () => {
    const made = await started(aws());
    const role = 'arn:aws:iam::111122223333:role/signet';
    made.server.webIdentities.set(role, 'eyJ.of-the-pod.sig');
    const env = () => ({
      ...{ AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file('identity', 'eyJ.of-the-pod.sig') },
      ...{ AWS_ENDPOINT_URL_KMS: made.server.origin, AWS_ENDPOINT_URL_STS: made.server.origin },
    });
    expect(await opens({ env }, made.names.key)).toBe(true);
    made.server.expired.add('eyJ.of-the-pod.sig');
    expect((await failureOf(open({ env }, made.names.key).wrap(dataKey))).fault).toBe('expired');
    made.server.expired.clear();
    made.server.webIdentities.clear();
    const failure = await failureOf(open({ env }, made.names.key).wrap(dataKey));
    expect([failure.fault, failure.message.includes('eyJ')]).toEqual(['denied', false]);
  });

  it('AWS: another secret, region or session is refused by its signature', async () => {
    const made = await started(aws());
    for (const [change, name] of [
      [{ AWS_SECRET_ACCESS_KEY: 'another' }, made.names.key],
      [{ AWS_SESSION_TOKEN: 'another' }, made.names.key],
      [{}, made.names.key.replace('eu-central-1', 'eu-west-1')],
    ] as const) {
      const env = () => ({ ...made.env(), ...change });
      expect((await failureOf(open({ env }, name).wrap(dataKey))).fault).toBe('denied');
    }
  });

  it('Google: bytes that were broken on their way are not taken', async () => {
    const made = await started(gcp());
    const management = open(made, made.names.key);
    const wrapped = await management.wrap(dataKey);
    made.server.breaks = true;
    expect((await failureOf(management.unwrap(wrapped))).fault).toBe('answer');
    expect((await failureOf(management.wrap(dataKey))).fault).toBe('answer');
    made.server.token = undefined;
    expect((await failureOf(management.unwrap(wrapped))).message).toMatch(/gives no token \(status 404\)/);
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['no address', {}, 'vault:transit/signet', /^vault:transit\/signet cannot be asked: set VAULT_ADDR/],
    [
      'no credentials of Vault',
      { VAULT_ADDR: 'https://vault.example' },
      'vault:transit/signet',
      /set SIGNET_KMS_VAULT_TOKEN_FILE, or SIGNET_KMS_VAULT_ROLE/,
    ],
    [
      'no token in its file',
      { VAULT_ADDR: 'https://vault.example', SIGNET_KMS_VAULT_TOKEN_FILE: '/nonexistent' },
      'vault:transit/signet',
      /^SIGNET_KMS_VAULT_TOKEN_FILE names \/nonexistent, which cannot be read$/,
    ],
    [
      'plain HTTP',
      { VAULT_ADDR: 'http://vault.example', SIGNET_KMS_VAULT_TOKEN_FILE: file('plain', 'hvs.swordfish') },
      'vault:transit/signet',
      /must be asked by https/,
    ],
    [
      'an authority that is not there',
      { VAULT_ADDR: 'https://vault.example', SIGNET_OUTBOUND_CA: '/nonexistent' },
      'vault:transit/signet',
      /^SIGNET_OUTBOUND_CA names/,
    ],
    ['half of the credentials', { AWS_ACCESS_KEY_ID: 'AKIA' }, `aws-kms:${arn('signet')}`, /set AWS_ACCESS_KEY_ID and/],
    ['no name of a key', {}, 'vault:signet', /^a key is named as vault:<mount>\/<key>/],
  ])('nobody is asked with %s', async (_what, env, name, message) => {
    const asked = (async () => open({ env: () => env }, name).wrap(dataKey))();
    const failure = await failureOf(asked);
    expect([failure.fault, failure.message]).toEqual(['settings', expect.stringMatching(message)]);
  });

  it('a setting of a wrong form is a fault with its name, and without its value', () => {
    const env = { VAULT_ADDR: 'swordfish', SIGNET_KMS_VAULT_ROLE: 'two words' };
    expect(() => keyManagementSettings(env)).toThrow(
      /^VAULT_ADDR must be an https URL; SIGNET_KMS_VAULT_ROLE must be one word$/,
    );
  });
});
