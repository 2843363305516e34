import { createServer } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { readSettings, requirePorts } from './settings.mjs';

describe('readSettings', () => {
  it.each([
    ['nothing', [], {}, { port: 3000, demoPort: 3001, managementPort: 3010, issuer: 'http://localhost:3000' }],
    ['--tls', ['--tls'], {}, { tls: true, issuer: 'https://localhost:3000' }],
    ['ports', [], { PORT: '4000', SIGNET_DEMO_PORT: '0' }, { port: 4000, managementPort: 4010, demoPort: 0 }],
    ['an issuer', [], { SIGNET_ISSUER: 'https://id.localhost' }, { issuer: 'https://id.localhost', port: 3000 }],
  ])('takes %s', async (_, args, env, expected) => expect(await readSettings(args, env)).toMatchObject(expected));

  it.each([
    ['an unknown option', ['--tsl'], {}, 'Unknown option'],
    ['a port that is no number', [], { PORT: '3000x' }, 'PORT is not a port number'],
    ['a port that is too high', [], { SIGNET_DEMO_PORT: '65536' }, 'SIGNET_DEMO_PORT is not a port number'],
  ])('refuses %s', (_, args, env, message) => expect(readSettings(args, env)).rejects.toThrow(message));

  it('gives each issuer a state of its own', async () => {
    const states = [
      await readSettings([], {}),
      await readSettings(['--tls'], {}),
      await readSettings([], { PORT: '4000' }),
    ];
    expect(new Set(states.map(({ state }) => state)).size).toBe(3);
  });
});

describe('requirePorts', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('refuses a port that is taken at %s', async (host) => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, host, resolve));
    const { port } = server.address();
    const settings = await readSettings([], { PORT: String(port), SIGNET_DEMO_PORT: '0', SIGNET_MANAGEMENT_PORT: '0' });
    await expect(requirePorts(settings)).rejects.toThrow(`Port ${port} (for Signet) is taken`);
    await new Promise((resolve) => server.close(resolve));
    await expect(requirePorts(settings)).resolves.toBeUndefined();
  });

  it('refuses one port for two purposes', async () => {
    const settings = await readSettings([], { PORT: '4000', SIGNET_DEMO_PORT: '4000' });
    await expect(requirePorts(settings)).rejects.toThrow('Port 4000 is wanted twice');
  });
});
