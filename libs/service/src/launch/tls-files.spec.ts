import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
// eslint-disable-next-line @nx/enforce-module-boundaries -- tools/ is plain Node, no project; @signet/testing builds on this library
import { newAuthority } from '../../../../tools/authority.mjs';
import { loadConfiguration } from '../configuration/configuration.js';
import { tlsFileFaults } from './tls-files.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-tls-files-'));
const at = (name: string) => path.join(directory, `${name}.pem`);

function faultsOf(env: Readonly<Record<string, string>>) {
  const loaded = loadConfiguration(
    {
      SIGNET_ISSUER: 'https://localhost:3000',
      DATABASE_URL: `postgres://token:hunter2@db/signet?sslmode=verify-full&sslrootcert=${at('ca')}`,
      NATS_URL: 'tls://token:hunter2@nats',
      ...env,
    },
    ['token'],
  );
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  return tlsFileFaults(loaded.ok);
}

describe('files of TLS', () => {
  beforeAll(async () => {
    const authority = await newAuthority({ name: 'spec', days: 1 });
    const ended = await authority.issue({ names: ['localhost'], days: -1 });
    const other = await authority.issue({ names: ['localhost'] });
    const texts = { ca: authority.ca, cert: ended.cert, key: ended.key, other: other.key, empty: '' };
    for (const [name, text] of Object.entries(texts)) writeFileSync(at(name), text);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('are no fault where they can be used, an ended certificate among them', () => {
    const nats = { SIGNET_NATS_CA: at('ca'), SIGNET_NATS_CERT: at('cert'), SIGNET_NATS_KEY: at('key') };
    expect(faultsOf({ ...nats, SIGNET_TLS_CERT: at('cert'), SIGNET_TLS_KEY: at('key') })).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['that are not there', { SIGNET_NATS_CA: at('nowhere') }, 'SIGNET_NATS_CA'],
    ['that are empty', { SIGNET_OUTBOUND_CA: at('empty') }, 'SIGNET_OUTBOUND_CA'],
    ['of two pairs', { SIGNET_TLS_CERT: at('cert'), SIGNET_TLS_KEY: at('other') }, 'SIGNET_TLS_CERT'],
    ['in the place of each other', { SIGNET_NATS_CERT: at('key'), SIGNET_NATS_KEY: at('cert') }, 'SIGNET_NATS_CERT'],
    [
      'of a Postgres URL',
      { DATABASE_URL_TOKEN: `postgres://a:hunter2@db/signet?sslmode=verify-full&sslrootcert=${at('nowhere')}` },
      'DATABASE_URL_TOKEN',
    ],
  ])('are told %s', (_, env, name) => {
    const faults = faultsOf(env);
    expect(faults.map((fault) => fault.name)).toEqual([name]);
    expect(faults[0]?.reason).toContain(directory);
    expect(faults[0]?.reason).not.toContain('hunter2');
  });

  it('are told all at once', () => {
    const env = { SIGNET_NATS_CA: at('nowhere'), SIGNET_OUTBOUND_CA: at('nowhere') };
    expect(faultsOf(env)).toHaveLength(2);
  });
});
