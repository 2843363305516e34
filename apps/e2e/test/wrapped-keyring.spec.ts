import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LoopbackVault } from '@signet/testing';
import { z } from 'zod';
import { Plane, RawClient, secrets, signet, twinTenants, until, type Part } from '../src/index.js';

const kms = 'vault:transit/signet';
const token = 'hvs.swordfish-0123456789';

describe('a keyring that is wrapped by a key management service', () => {
  let directory: string;
  let keyring: string;
  let vault: LoopbackVault;
  let plane: Plane;
  let client: RawClient;
  let part: Part;
  let env: Record<string, string>;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'signet-e2e-kms-'));
    keyring = path.join(directory, 'keyring.json');
    vault = new LoopbackVault();
    vault.tokens.add(token);
    for (const key of ['transit/signet', 'transit/next']) vault.makeKey(key);
    await vault.start();
    writeFileSync(path.join(directory, 'token'), token);
    env = { VAULT_ADDR: vault.origin, SIGNET_KMS_VAULT_TOKEN_FILE: path.join(directory, 'token') };
    await signet(['keyring', 'create', '--file', keyring, '--kms', kms], env);
    const configuration = twinTenants();
    plane = await Plane.start({ form: 'one process', configuration, env: { ...env, SIGNET_KEYRING: keyring } });
    part = plane.part('token');
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
  }, 120_000);
  afterAll(async () => {
    await plane.stop();
    await vault.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const log = () => readFileSync(part.program.log, 'utf8');
  const wrappedBy = () =>
    z.object({ wrapped_by: z.string() }).parse(JSON.parse(readFileSync(keyring, 'utf8'))).wrapped_by;
  /** Starts it in vain; gives how it ended and what it said. */
  const refused = async () => {
    await part.program.stop();
    const before = log().length;
    await part.start().catch(() => undefined);
    return { code: await part.program.exited, said: log().slice(before) };
  };
  const signsInAgain = async () => {
    await part.program.stop();
    await part.start();
    return (await client.signInForTokens()).refresh_token !== '';
  };

  it('is opened once, at the start', async () => {
    const asked = vault.requests.length;
    expect(vault.requests.at(-1)?.path).toBe('/v1/transit/decrypt/signet');
    const { refresh_token: refresh } = await client.signInForTokens();
    expect(vault.requests).toHaveLength(asked);
    await part.program.stop();
    await part.start();
    expect(vault.requests).toHaveLength(asked + 1);
    expect((await client.refresh(refresh)).status).toBe(200);
  }, 120_000);

  it('is waited for while the service is away, in life and not ready', async () => {
    await part.program.stop();
    await vault.stop();
    const before = log().length;
    const starting = part.start();
    await until('the start to wait', () =>
      Promise.resolve(log().slice(before).includes('"keyring.waiting"') || undefined),
    );
    const probes = await Promise.all(
      ['/livez', '/readyz'].map(async (at) => (await fetch(part.management + at)).status),
    );
    expect(probes).toEqual([200, 503]);
    await vault.start();
    await starting;
    expect((await client.signInForTokens()).access_token).not.toBe('');
  }, 120_000);

  it('ends a start that waits, when it is told to end', async () => {
    await part.program.stop();
    await vault.stop();
    const before = log().length;
    const starting = part.start().catch(() => undefined);
    await until('the start to wait', () =>
      Promise.resolve(log().slice(before).includes('"keyring.waiting"') || undefined),
    );
    part.program.signal('SIGTERM');
    expect(await part.program.exited).toBe(0);
    await starting;
    await vault.start();
    expect(await signsInAgain()).toBe(true);
  }, 120_000);

  it('refuses to start where it is denied, with one sentence and exit code 2', async () => {
    vault.denied.add('/v1/transit/decrypt/signet');
    const { code, said } = await refused();
    expect(code).toBe(2);
    expect(said).toMatch(
      /The configuration does not hold:\n {2}SIGNET_KEYRING .* denies transit\/decrypt\/signet: its policy/,
    );
    vault.denied.clear();
    expect(await signsInAgain()).toBe(true);
  }, 120_000);

  it('refuses to start with a file that was changed', async () => {
    const text = readFileSync(keyring, 'utf8');
    const json = z.record(z.string(), z.string()).parse(JSON.parse(text));
    const { ciphertext = '' } = json;
    const changed = ciphertext.slice(0, 40) + (ciphertext[40] === 'A' ? 'B' : 'A') + ciphertext.slice(41);
    writeFileSync(keyring, JSON.stringify({ ...json, ciphertext: changed }));
    const { code, said } = await refused();
    expect([code, said]).toEqual([2, expect.stringContaining('was changed after it was wrapped') as unknown]);
    writeFileSync(keyring, text);
    expect(await signsInAgain()).toBe(true);
  }, 120_000);

  it('takes a new key, and is wrapped anew by another key of the service', async () => {
    const { refresh_token: refresh } = await client.signInForTokens();
    await signet(['keyring', 'add', '--file', keyring, '--purpose', 'encryption', '--in', '0s'], env);
    await signet(['keyring', 'wrap', '--file', keyring, '--kms', 'vault:transit/next'], env);
    expect([wrappedBy(), statSync(keyring).mode & 0o777]).toEqual(['vault:transit/next', 0o600]);
    await part.program.stop();
    await part.start();
    expect((await client.refresh(refresh)).status).toBe(200);
    await until(
      'all to be sealed anew',
      async () => !(await plane.signet('keyring', 'status')).includes('older') || undefined,
    );
    expect(await plane.signet('keyring', 'status')).toMatch(/token {2}tenant_key\.private {2}encryption .* in use/);
  }, 120_000);

  it('is told of by no log: no token, no data key, no ciphertext', () => {
    const asked = vault.requests.flatMap(({ body }) =>
      Object.values(z.record(z.string(), z.string()).parse(JSON.parse(body))),
    );
    const known = [token, ...asked.filter((text) => text !== Buffer.from('signet-keyring').toString('base64'))];
    expect(known.length).toBeGreaterThan(5);
    for (const secret of known) expect(log()).not.toContain(secret);
    expect(log()).toContain('keyring.waiting');
  });
});
