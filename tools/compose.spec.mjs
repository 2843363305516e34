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
    const others = ['postgres', 'nats', 'prepare', 'operator', 'proxy'];
    expect(Object.keys(services).sort()).toEqual([...signetServices, ...others].sort());
    expect(services.token.deploy.replicas).toBe(2);
  });

  it.each(all)('%s writes to volumes alone and has no privilege', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service).not.toHaveProperty('privileged');
    expect(service).not.toHaveProperty('cap_add');
    expect(service.image).toMatch(/^[\w-]+:(?!latest$)[\w.-]+$/);
  });

  it.each(all)('%s holds no secret', (_, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => /URL|PASSWORD|_SECRET/.test(name))).toEqual([]);
    expect(Object.values(environment).filter((value) => /\/\/[^/]*@/.test(value))).toEqual([]);
  });

  it.each(all.filter(([name]) => ![...ending, 'proxy'].includes(name)))('%s says when it is healthy', (_, service) => {
    expect(service.healthcheck.test[0]).toBe('CMD');
  });

  it('starts each when what it needs is healthy, or is done', () => {
    for (const [name, { depends_on: needs = {} }] of all)
      for (const [needed, { condition }] of Object.entries(needs))
        expect([name, needed, condition]).toEqual([
          ...[name, needed],
          ending.includes(needed) ? 'service_completed_successfully' : 'service_healthy',
        ]);
    const roots = all.filter(([, { depends_on: needs }]) => needs === undefined).map(([name]) => name);
    expect(roots).toEqual(['postgres', 'nats']);
  });

  it('shows the proxy alone, on this machine alone, and keeps the servers on a network without an outside', () => {
    expect(all.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['proxy']);
    expect(services.proxy.ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    expect(networks.inner.internal).toBe(true);
    for (const server of ['postgres', 'nats']) expect(services[server].networks).toEqual(['inner']);
  });
});
