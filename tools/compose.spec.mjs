import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { services as signetServices } from './quick-start/secrets.mjs';

const root = path.resolve(import.meta.dirname, '..');
const text = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
const { services, networks } = parse(text, { merge: true });
const all = Object.entries(services);
const ending = ['prepare', 'operator'];
/** Started by name alone, for one command. */
const commands = ['tools'];
const read = (file) => parse(readFileSync(path.join(root, file), 'utf8'));

let directory;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-compose-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What dclint says of a file: the Compose specification's schema, and the rules of tools/dclint.json. */
function faultsOf(content) {
  const file = path.join(directory, 'docker-compose.yml');
  writeFileSync(file, content);
  const program = path.join(root, 'node_modules/dclint/bin/dclint.cjs');
  const config = path.join(root, 'tools/dclint.json');
  const { stdout, status } = spawnSync(process.execPath, [program, '--formatter', 'json', '--config', config, file]);
  const found = JSON.parse(String(stdout)).flatMap(({ messages }) => messages.map(({ message }) => message));
  expect(status).toBe(found.length === 0 ? 0 : 1);
  return found;
}

describe('docker-compose.yml', () => {
  it('is one by the Compose specification', () => {
    expect(faultsOf(text)).toEqual([]);
  });

  it.each([
    ['a key that there is not', 'command: [database', 'comand: [database'],
    ['a port of every address', '127.0.0.1:8443:8443', '8443:8443'],
    ['an image of any version', 'nginx:1.28.0', 'nginx'],
  ])('would not be with %s', (_, there, instead) => {
    expect(text).toContain(there);
    expect(faultsOf(text.replace(there, instead))).not.toEqual([]);
  });

  it('has the five services, two of token, and what they need', () => {
    const others = ['postgres', 'nats', 'prepare', 'operator', 'proxy', 'prometheus', 'grafana'];
    expect(Object.keys(services).sort()).toEqual([...signetServices, ...others, ...commands].sort());
    expect(services.token.deploy.replicas).toBe(2);
  });

  it.each(all)('%s writes to volumes alone and has no privilege', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service).not.toHaveProperty('privileged');
    expect(service).not.toHaveProperty('cap_add');
    expect(service.image).toMatch(/^[\w/-]+:(?!latest$)[\w.-]+$/);
  });

  it.each(all)('%s holds no secret', (_, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => /URL|PASSWORD|_SECRET/.test(name))).toEqual([]);
    expect(Object.values(environment).filter((value) => /\/\/[^/]*@/.test(value))).toEqual([]);
  });

  it.each(all.filter(([name]) => ![...ending, ...commands, 'proxy'].includes(name)))(
    '%s says when it is healthy',
    (_, service) => {
      expect(service.healthcheck.test[0]).toBe('CMD');
    },
  );

  it('starts each when what it needs is healthy, or is done', () => {
    for (const [name, { depends_on: needs = {} }] of all)
      for (const [needed, { condition }] of Object.entries(needs))
        expect([name, needed, condition]).toEqual([
          ...[name, needed],
          ending.includes(needed) ? 'service_completed_successfully' : 'service_healthy',
        ]);
    const roots = all.filter(([, { depends_on: needs }]) => needs === undefined).map(([name]) => name);
    expect(roots).toEqual(['postgres', 'nats', ...commands, 'prometheus']);
  });

  it('has a command line that sees what every service sees, and that runs when it is asked for, also while nothing else does', () => {
    const { profiles, restart, env_file: files, environment, volumes, networks: on, image } = services.tools;
    expect({ profiles, restart, image }).toEqual({ profiles: ['tools'], restart: 'no', image: services.prepare.image });
    expect(files).toEqual([...signetServices, 'operator'].map((name) => `.data/compose/${name}.env`));
    expect(environment).toMatchObject(services.token.environment);
    expect(volumes).toEqual(expect.arrayContaining(services.token.volumes));
    const authority = `./.data/compose/mounted/tls/ca.pem:${environment.SIGNET_OUTBOUND_CA}:ro`;
    expect(volumes).toContain(authority);
    const [file] = services.operator.volumes.filter((volume) => volume.startsWith('./signet.yaml:'));
    expect(volumes).toContain(file);
    expect(services.tools.tmpfs).toEqual([`${environment.XDG_STATE_HOME}:uid=1000,gid=1000`]);
    // Where Postgres and NATS are, and the proxy.
    expect(on).toEqual(expect.arrayContaining([...services.postgres.networks, ...services.proxy.networks]));
  });

  it('shows the proxy, Prometheus and Grafana, on this machine alone, and keeps the servers on a network without an outside', () => {
    const shown = all.filter(([, { ports }]) => ports);
    expect(shown.map(([name]) => name)).toEqual(['proxy', 'prometheus', 'grafana']);
    for (const [, { ports }] of shown) expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    expect(networks.inner.internal).toBe(true);
    for (const server of ['postgres', 'nats']) expect(services[server].networks).toEqual(['inner']);
  });

  it.each(signetServices)('%s shows its management port to itself and to Prometheus, and to nobody else', (name) => {
    const [loopback, network, ...others] = services[name].environment.SIGNET_MANAGEMENT_LISTEN.split(',');
    expect([loopback, network, others]).toEqual(['127.0.0.1', networks.management.ipam.config[0].subnet, []]);
    expect(services[name].networks).toContain('management');
    const there = all.filter(([, service]) => service.networks.includes('management')).map(([other]) => other);
    expect(there).toEqual([...signetServices, 'prometheus']);
    expect(networks.management.internal).toBe(true);
  });

  it('has nobody speak to Postgres or NATS in plain text', () => {
    expect(services.postgres.command).toEqual(
      expect.arrayContaining(['--ssl=on', '--hba_file=/etc/postgres/pg_hba.conf']),
    );
    const lines = readFileSync(path.join(root, 'docker/pg_hba.conf'), 'utf8').split('\n');
    const kinds = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/\s+/)[0]);
    expect(kinds).toEqual(['local', 'hostssl']);
    for (const name of [...signetServices, 'operator', ...commands])
      expect(services[name].environment).toMatchObject({
        SIGNET_NATS_CA: '/etc/signet/inside/ca.pem',
        SIGNET_NATS_CERT: '/etc/signet/inside/cert.pem',
        SIGNET_NATS_KEY: '/etc/signet/inside/key.pem',
      });
  });
});

it('who reads its certificate at its start alone is restarted where docs/operations/tls.md has new ones made', () => {
  const reads = /^\.\/\.data\/compose\/mounted\/(?:tls|inside\/(?!client)\w+):/;
  const readers = all.filter(([, { volumes = [] }]) => volumes.some((volume) => reads.test(volume)));
  const page = readFileSync(path.join(root, 'docs/operations/tls.md'), 'utf8');
  const [, restarted] = /`docker compose restart ([\w ]+)`/.exec(page);
  expect(restarted.split(' ')).toEqual(readers.map(([name]) => name));
});

describe('Prometheus of docker-compose.yml', () => {
  const { rule_files: rules, scrape_configs: jobs } = read('docker/prometheus.yml');

  it('asks every replica of each service on its management port, in the job that alerts look at', () => {
    expect(jobs).toEqual([
      {
        job_name: 'signet',
        honor_labels: true,
        dns_sd_configs: [{ names: signetServices, type: 'A', port: 3010, refresh_interval: '5s' }],
      },
    ]);
    for (const name of signetServices) expect(services[name].environment.SIGNET_MANAGEMENT_PORT).toBe('3010');
  });

  it('has our rules', () => {
    expect(services.prometheus.volumes).toContain(`./k8s/monitoring/signet.rules.yaml:${rules[0]}:ro`);
    expect(read('k8s/monitoring/signet.rules.yaml').groups).not.toHaveLength(0);
  });
});

describe('Grafana of docker-compose.yml', () => {
  const mounts = services.grafana.volumes.map((volume) => volume.split(':'));

  it('has Prometheus, and our dashboard', () => {
    const [provider] = read('docker/grafana/dashboards.yaml').providers;
    const [, there] = mounts.find(([from]) => from === './k8s/monitoring/signet-dashboard.json');
    expect(path.dirname(there)).toBe(provider.options.path);
    const [source] = read('docker/grafana/datasources.yaml').datasources;
    expect([source.type, source.url]).toEqual(['prometheus', 'http://prometheus:9090']);
    const shared = services.grafana.networks.filter((network) => services.prometheus.networks.includes(network));
    expect(shared).toEqual(['monitoring']);
  });

  it('lets nobody in without the password that was made for it', () => {
    expect(services.grafana.env_file).toEqual(['.data/compose/grafana.env']);
    expect(Object.keys(services.grafana.environment).filter((name) => /ANONYMOUS|ADMIN/.test(name))).toEqual([]);
  });
});
