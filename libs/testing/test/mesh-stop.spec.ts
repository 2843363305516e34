import { Agent, request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startMesh, type Mesh } from '../src/index.js';
import { authnProbe, directoryProbe } from './probe-service.js';

let mesh: Mesh | undefined;

afterEach(async () => {
  await mesh?.stop();
});

describe('a stop', () => {
  it('loses none of a hundred requests under way, and none that came before the listener closed', async () => {
    mesh = await startMesh({
      services: [authnProbe, directoryProbe],
      settings: { SIGNET_DRAIN: '1', SIGNET_RATE_LIMITS: 'off' },
    });
    const { origin, running } = mesh;
    const agent = new Agent({ keepAlive: true, maxSockets: 200 });
    const ask = () =>
      new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
        const sent = request(`${origin}/authorize/slow`, { agent }, (response) => {
          response.resume().on('end', () => {
            resolve({ status: response.statusCode ?? 0, connection: response.headers.connection });
          });
        });
        sent.on('error', reject);
        sent.end();
      });

    const before = Array.from({ length: 100 }, ask);
    await ask();
    const stopping = running.stop();
    expect(running.ready).toBe(false);
    // Until it closes it takes new ones, and tells each client to go elsewhere.
    const during = await Promise.all(Array.from({ length: 20 }, ask));
    expect(during).toEqual(during.map(() => ({ status: 200, connection: 'close' })));
    const after = Array.from({ length: 20 }, ask);
    await stopping;
    for (const answer of await Promise.all([...before, ...after])) expect(answer.status).toBe(200);
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    agent.destroy();
  });

  it('of one replica loses no request that another service had sent to it', async () => {
    mesh = await startMesh({
      services: [authnProbe],
      replicas: [[directoryProbe], [directoryProbe]],
      settings: { SIGNET_RATE_LIMITS: 'off' },
    });
    const { origin, processes } = mesh;
    const [, replica] = processes;
    if (!replica) throw new Error('no replica');
    let open = true;
    const statuses: number[] = [];
    const callers = Array.from({ length: 20 }, async () => {
      while (open) {
        const response = await fetch(`${origin}/authorize/directory`);
        await response.arrayBuffer();
        statuses.push(response.status);
      }
    });
    while (statuses.length < callers.length) await setImmediate(); // both replicas are at work
    await replica.running.stop();
    open = false;
    await Promise.all(callers);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
