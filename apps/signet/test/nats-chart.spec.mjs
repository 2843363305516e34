import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@signet/contracts';
import { connectNats, ensureStream } from '@signet/messaging';
import { parse } from 'yaml';

import { newAuthority } from '../../../tools/authority.mjs';
import { freePort, startNats } from '../../../tools/services.mjs';
import { natsConfig } from '../src/commands/nats.js';

const root = path.resolve(import.meta.dirname, '../../..');
const values = parse(readFileSync(path.join(root, 'k8s/examples/nats-values.yaml'), 'utf8'));
const users = Object.fromEntries(
  [...serviceNames, 'operator'].map((name) => [`NATS_URL_${name.toUpperCase()}`, `tls://${name}:secret@nats:4222`]),
);

let directory;
let routes;
const servers = [];
const connections = [];
const file = (...parts) => path.join(directory, ...parts);

/** Paths of the Secret's keys, as the chart mounts them. */
const tlsOf = ({ enabled, secretName, merge }) => {
  expect([enabled, secretName, values.tlsCA]).toEqual([true, 'signet-nats-tls', { enabled: true, secretName }]);
  return { cert_file: file('tls.crt'), key_file: file('tls.key'), ca_file: file('ca.crt'), ...merge };
};

/** What the chart makes of the values for one of its pods, on loopback. */
function configurationOf(index) {
  const { cluster, nats, jetstream, merge } = values.config;
  const config = {
    server_name: `nats-${index}`,
    tls: tlsOf(nats.tls),
    cluster: {
      ...{ name: 'nats', listen: `127.0.0.1:${routes[index]}`, no_advertise: true },
      routes: routes.map((port) => `tls://localhost:${port}`),
      tls: tlsOf(cluster.tls),
    },
    jetstream: { store_dir: file(String(index), 'data'), ...jetstream.merge },
    ...merge,
  };
  return JSON.stringify(config, undefined, 2).replaceAll(/".*\$include": "(.*)",?/g, 'include $1;');
}

const connected = async (service, password, replicas) => {
  const tls = { caFile: file('ca.crt'), certFile: file('tls.crt'), keyFile: file('tls.key') };
  const url = servers.map(({ port }) => `tls://${service}:${password}@localhost:${port}`).join();
  const connection = await connectNats({ url, service, tls, replicas, name: 'spec', waitOnFirstConnect: false });
  connections.push(connection);
  return connection;
};

/** Whether a server says anything to who comes to its routes. */
const isGreeted = (options) =>
  new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port: routes[0], ...options });
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    for (const event of ['error', 'close']) socket.on(event, () => resolve(false));
  });

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-nats-chart-'));
  const authority = await newAuthority({ name: 'nats', days: 1 });
  const { cert, key } = await authority.issue({ names: ['localhost'], uses: ['server', 'client'] });
  writeFileSync(file('ca.crt'), authority.ca);
  writeFileSync(file('tls.crt'), cert);
  writeFileSync(file('tls.key'), key, { mode: 0o600 });
  let accounts = '';
  await natsConfig.run(['--accounts'], { environment: users, out: (line) => void (accounts += line) });
  routes = await Promise.all(Array.from({ length: values.config.cluster.replicas }, () => freePort()));
  for (const index of routes.keys()) {
    mkdirSync(file(String(index), 'nats-accounts'), { recursive: true });
    writeFileSync(file(String(index), 'nats-accounts/accounts.conf'), accounts, { mode: 0o600 });
    servers.push(await startNats({ directory: file(String(index), 'nats-config'), config: configurationOf(index) }));
  }
}, 60_000);
afterAll(async () => {
  for (const connection of connections) await connection.close();
  for (const server of servers) await server.stop();
  rmSync(directory, { recursive: true });
});

describe('k8s/examples/nats-values.yaml', () => {
  it('has the users that signet nats config --accounts prints', async () => {
    await (await connected('token', 'secret')).flush();
    await expect(connected('token', 'guessed')).rejects.toThrow('does not know the user token');
  });

  it('lets no server in that has no certificate', async () => {
    const [ca, cert, key] = ['ca.crt', 'tls.crt', 'tls.key'].map((name) => readFileSync(file(name)));
    expect(await isGreeted({ ca, cert, key })).toBe(true);
    expect(await isGreeted({ ca })).toBe(false);
  });

  it('is a cluster that keeps as many copies as the overlay asks for', async () => {
    const connection = await connected('token', 'secret', values.config.cluster.replicas);
    let state;
    // The servers have to find each other.
    for (const until = Date.now() + 20_000; !state && Date.now() < until;)
      state = await ensureStream(connection).catch(() => undefined);
    expect(state?.copies).toBe(values.config.cluster.replicas);
  }, 30_000);
});
