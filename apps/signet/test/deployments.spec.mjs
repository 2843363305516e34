import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv, promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@signet/contracts';
import { loadKeyring } from '@signet/keys';
import { loadConfiguration } from '@signet/service';
import { parse } from 'yaml';

import { withComponents } from '../../../tools/kubernetes/components.mjs';
import { containersOf, render } from '../../../tools/kubernetes/kustomization.mjs';
import { quickSecrets } from '../../../tools/quick-secrets.mjs';
import { readSignetFile } from '../src/configuration/read.js';

const root = path.resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
const rendered = (overlay) => render(path.join(root, 'k8s/overlays', overlay));
const textOf = (...parts) => readFileSync(path.join(...parts), 'utf8');

let directory;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-deployments-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const literals = ({ env }) => Object.fromEntries(env.map(({ name, value }) => [name, value]));
const namesOfService = (service) => ['DATABASE_URL', 'NATS_URL'].map((name) => `${name}_${service.toUpperCase()}`);

describe('k8s/overlays/production', () => {
  const deployments = rendered('production').filter(({ kind }) => kind === 'Deployment');

  it.each(serviceNames)('starts %s in production mode, on every address', (service) => {
    const { spec } = deployments.find(({ metadata }) => metadata.name === `signet-${service}`);
    const [container] = spec.template.spec.containers;
    expect(container.envFrom).toEqual([{ secretRef: { name: `signet-${service}` } }]);
    const [database, nats] = namesOfService(service);
    const verified = 'sslmode=verify-full&sslrootcert=/etc/signet/authorities/postgres.crt';
    const own = { [database]: `postgres://a:b@postgres/signet?${verified}`, [nats]: 'tls://a:b@nats' };
    expect(loadConfiguration({ ...literals(container), ...own }, [service])).toMatchObject({
      ok: {
        mode: 'production',
        listen: { host: undefined, port: 3_000 },
        management: { hosts: ['0.0.0.0'], port: 3_010 },
        natsTls: {
          caFile: '/etc/signet/authorities/nats.crt',
          certFile: '/etc/signet/nats-client/tls.crt',
          keyFile: '/etc/signet/nats-client/tls.key',
        },
      },
      warnings: [],
    });
  });

  it('names in its documentation every Secret that it takes', () => {
    const overlays = ['production', 'production/database', 'production/configuration', 'production/command'];
    const all = [...overlays.flatMap(rendered), ...Object.values(withComponents('kms-vault')).flat()];
    const values = parse(textOf(root, 'k8s/examples/nats-values.yaml'));
    const ofServers = values.podTemplate.patch.map(({ value }) => value.secret.secretName);
    const named = new Set([...all.flatMap((object) => secretsOf(object).map(({ name }) => name)), ...ofServers]);
    const rows = textOf(root, 'docs/operations/kubernetes.md').matchAll(/^\| `(signet-[\w-]+)` /gm);
    expect(new Set([...rows].map(([, name]) => name))).toEqual(named);
  });
});

describe('k8s/overlays/quick', () => {
  const objects = rendered('quick');
  let secrets;
  beforeAll(async () => {
    secrets = await quickSecrets(path.join(directory, 'quick'));
  });
  const dataOf = (name) => secrets.items.find(({ metadata }) => metadata.name === name)?.stringData;

  it('takes the Secrets that tools/quick-secrets.mjs makes, and each of them', () => {
    const taken = objects.flatMap(secretsOf);
    for (const { name, key } of taken) expect([name, Object.keys(dataOf(name) ?? {})]).toEqual([name, holding(key)]);
    const made = secrets.items.map(({ metadata }) => metadata.name);
    expect(new Set(taken.map(({ name }) => name))).toEqual(new Set(made));
    expect(secrets.items.every(({ metadata }) => metadata.namespace === objects[0].metadata.name)).toBe(true);
  });

  it('starts the five in development mode, each as its own user', () => {
    const [deployment] = objects.filter(({ kind }) => kind === 'Deployment');
    const [container] = deployment.spec.template.spec.containers;
    const given = container.envFrom.map(({ secretRef }) => dataOf(secretRef.name));
    expect(loadConfiguration(Object.assign(literals(container), ...given))).toMatchObject({
      ok: { mode: 'development', listen: { host: '0.0.0.0', port: 3_000 }, management: { hosts: ['0.0.0.0'] } },
      warnings: [],
    });
    expect(loadKeyring(JSON.parse(dataOf('signet-keyring')['keyring.json']))).toBeDefined();
  });
});

describe('docker-compose.yml', () => {
  const { services } = parse(textOf(root, 'docker-compose.yml'), { merge: true });
  const at = (file) => path.join(directory, 'compose', path.relative('.data/compose', file));
  // As its reader does: the program by itself.
  const written = () =>
    run(process.execPath, [path.join(root, 'tools/compose-files.mjs'), path.join(directory, 'compose')]);
  beforeAll(written);

  it.each(serviceNames)('starts %s in development mode, on every address, draining', (service) => {
    const { environment, env_file } = services[service];
    const given = env_file.map((file) => parseEnv(textOf(at(file))));
    expect(Object.keys(given[0])).toEqual(namesOfService(service));
    expect(loadConfiguration(Object.assign({ ...environment }, ...given), [service])).toMatchObject({
      ok: { mode: 'development', listen: { host: '0.0.0.0', port: 3_000 }, management: { port: 3_010 }, drain: 10 },
      warnings: [],
    });
    // But for its host nothing is left that production mode would refuse.
    const elsewhere = { ...environment, SIGNET_ISSUER: 'https://id.example.com' };
    expect(loadConfiguration(Object.assign(elsewhere, ...given), [service])).toMatchObject({
      ok: { mode: 'production', natsTls: { caFile: '/etc/signet/inside/ca.pem' } },
      warnings: [],
    });
  });

  it('gives its command line what doctor looks at: every service, and the operator', () => {
    const { environment, env_file } = services.tools;
    const given = Object.assign({ ...environment }, ...env_file.map((file) => parseEnv(textOf(at(file)))));
    expect(loadConfiguration(given, serviceNames)).toMatchObject({ ok: { services: serviceNames }, warnings: [] });
    expect(given).toHaveProperty('NATS_URL_OPERATOR');
  });

  it('finds what tools/compose-files.mjs writes, which nobody else may read', () => {
    const entries = Object.values(services);
    const read = entries.flatMap(({ env_file = [] }) => env_file);
    const mounted = entries.flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]));
    const files = mounted.filter((file) => file.startsWith('./.data/')).map((file) => path.normalize(file));
    for (const file of [...read, ...files]) expect(() => statSync(at(file))).not.toThrow();
    for (const file of mounted.filter((place) => place.startsWith('./') && !place.startsWith('./.data/')))
      expect(statSync(path.join(root, file)).isFile()).toBe(true);
    expect((statSync(at('.data/compose')).mode & 0o777).toString(8)).toBe('700');
    for (const file of read) expect((statSync(at(file)).mode & 0o777).toString(8)).toBe('600');
  });

  it('keeps its secrets when they are written again', async () => {
    const kept = [
      ...['token.env', 'prepare.env', 'grafana.env', 'mounted/keyring.json', 'mounted/nats.conf'],
      ...['mounted/tls/cert.pem', 'mounted/inside/postgres/key.pem', 'mounted/inside/client/cert.pem'],
    ];
    const before = kept.map((file) => textOf(at(`.data/compose/${file}`)));
    await written();
    expect(kept.map((file) => textOf(at(`.data/compose/${file}`)))).toEqual(before);
  });
});

it.each(['quick', 'production'])("%s' signet.yaml has no faults", (overlay) => {
  const text = textOf(root, 'k8s/overlays', overlay, 'configuration/signet.yaml');
  expect(readSignetFile(text, {})).toMatchObject({ ok: true });
});

const holding = (key) => (key === undefined ? expect.anything() : expect.arrayContaining([key]));

/** The Secrets that an object takes, with the key where it names one. */
function secretsOf(object) {
  const volumes = object.spec?.template?.spec.volumes ?? [];
  return [
    ...containersOf(object).flatMap(({ env = [], envFrom = [] }) => [
      ...envFrom.map(({ secretRef }) => ({ name: secretRef.name })),
      ...env.flatMap(({ valueFrom }) => (valueFrom ? [valueFrom.secretKeyRef] : [])),
    ]),
    ...volumes.flatMap(({ secret, projected }) => [
      ...(secret ? [{ name: secret.secretName }] : []),
      ...(projected?.sources ?? []).filter(({ secret }) => secret).map((source) => ({ name: source.secret.name })),
    ]),
  ];
}
