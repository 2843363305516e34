import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startMesh, type Mesh } from '../src/index.js';
import { authnProbe, directoryProbe } from './probe-service.js';

let mesh: Mesh;

beforeAll(async () => {
  // authn and directory in processes of their own, as where one of them can be away.
  mesh = await startMesh({ services: [authnProbe], replicas: [[directoryProbe]] });
});

afterAll(async () => {
  await mesh.stop();
});

const ask = async (path: string) => {
  const response = await fetch(`${mesh.origin}${path}`);
  const body = (await response.json()) as Record<string, unknown>;
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body,
  };
};

const unavailable = { status: 503, retryAfter: '1', body: { error: 'temporarily_unavailable' } };

async function eventually(path: string, status: number): Promise<void> {
  const until = Date.now() + 10_000;
  while ((await ask(path)).status !== status) if (Date.now() > until) throw new Error(`${path} is not ${status}`);
}

describe('Postgres away', () => {
  it('is 503, and over when Postgres is back', async () => {
    expect(await ask('/authorize/database')).toMatchObject({ status: 200 });
    await mesh.stopPostgres();
    expect(await ask('/authorize/database')).toMatchObject(unavailable);
    // The tenant's copy serves, and a request over NATS needs no database here.
    expect(await ask('/authorize/directory')).toMatchObject({ status: 200 });
    expect(await mesh.running.service('authn').health()).toMatchObject({ ready: true, database: 'down', nats: 'up' });
    await mesh.startPostgres();
    await eventually('/authorize/database', 200);
  });

  it('is 503, and no hang, where it does not answer at all', async () => {
    const { postgres } = mesh.processes[0] ?? {};
    postgres?.freeze();
    try {
      expect(await ask('/authorize/database')).toMatchObject(unavailable);
    } finally {
      postgres?.thaw();
    }
    await eventually('/authorize/database', 200);
  });
});

describe('NATS away', () => {
  it('is 503 for what needs another service, and over when NATS is back', async () => {
    await mesh.stopNats();
    await eventually('/authorize/directory', 503);
    expect(await ask('/authorize/directory')).toMatchObject(unavailable);
    expect(await ask('/authorize')).toMatchObject({ status: 200 });
    expect(await mesh.running.service('authn').health()).toMatchObject({ database: 'up', nats: 'down' });
    await mesh.startNats();
    await eventually('/authorize/directory', 200);
  });
});

describe('a start without NATS', () => {
  it('succeeds, answers what needs none, and serves when NATS comes', async () => {
    const late = await startMesh({ services: [authnProbe, directoryProbe], natsAtStart: false });
    try {
      expect(late.running.ready).toBe(true);
      const status = async (path: string) => (await fetch(`${late.origin}${path}`)).status;
      expect(await status('/authorize/directory')).toBe(503);
      await late.startNats();
      const until = Date.now() + 10_000;
      while ((await status('/authorize/directory')) !== 200) if (Date.now() > until) throw new Error('not served');
    } finally {
      await late.stop();
    }
  });
});
