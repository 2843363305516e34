import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { NatsLink, ServiceLogger } from '@signet/service';
import { startNats, type EmbeddedServer } from '../src/index.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-nats-link-'));
const links: NatsLink[] = [];
let server: EmbeddedServer | undefined;

afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

function linkOf(url: string, issuer: string): NatsLink {
  const link = new NatsLink({
    connect: { url, service: 'token', name: 'spec', tls: {}, installation: { issuer, keys: ['k'] } },
    logger: ServiceLogger.root('silent'),
    requests: {},
    onDenied: () => undefined,
  });
  links.push(link);
  return link;
}

it('a service that NATS refuses comes in when that is mended, without being started anew', async () => {
  server = await startNats({ directory: path.join(directory, 'one') });
  const { url, port } = server;
  await linkOf(url, 'https://one.example').connected;

  const second = linkOf(url, 'https://two.example');
  await second.refused;
  expect(second.refusal?.message).toContain('belongs to the installation https://one.example');
  expect(second.isUp).toBe(false);

  await server.stop();
  server = await startNats({ directory: path.join(directory, 'two'), port });
  await second.connected;
  expect([second.isUp, second.refusal]).toEqual([true, undefined]);
}, 30_000);
