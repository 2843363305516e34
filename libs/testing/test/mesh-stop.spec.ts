import { Agent, request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startMesh, type Mesh } from '../src/index.js';
import { authnProbe, authnState, directoryProbe } from './probe-service.js';

let mesh: Mesh | undefined;

afterEach(async () => {
  await mesh?.stop();
});

/** Asks what takes a while to answer, on connections that clients would like to keep. */
function asking(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  return () =>
    new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
      const sent = request(`${origin}/authorize/slow`, { agent }, (response) => {
        response.resume().on('end', () => {
          resolve({ status: response.statusCode ?? 0, connection: response.headers.connection });
        });
      });
      sent.on('error', reject);
      sent.end();
    });
}

describe('a stop', () => {
  it('loses none of a hundred requests under way', async () => {
    mesh = await startMesh({ services: [authnProbe, directoryProbe], settings: { SIGNET_RATE_LIMITS: 'off' } });
    const ask = asking(mesh.origin);
    const arrived = authnState.slow;
    const answers = Promise.all(Array.from({ length: 100 }, ask));
    while (authnState.slow < arrived + 100) await setImmediate();
    await mesh.running.stop();
    expect((await answers).map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('goes on answering while it drains: as ever at first, then on the connections that there are', async () => {
    mesh = await startMesh({
      services: [authnProbe, directoryProbe],
      settings: { SIGNET_DRAIN: '4', SIGNET_RATE_LIMITS: 'off' },
    });
    const { origin, running } = mesh;
    const [ask, stranger] = [asking(origin), () => asking(origin)()];
    const asTwenty = () => Promise.all(Array.from({ length: 20 }, ask));
    const answered = (connection: string) => Array.from({ length: 20 }, () => ({ status: 200, connection }));
    const stopping = running.stop();
    expect(running.ready).toBe(false);
    expect(await asTwenty()).toEqual(answered('keep-alive'));
    expect(await stranger()).toMatchObject({ status: 200 });
    const refused = () =>
      stranger().then(
        () => false,
        () => true,
      );
    while (!(await refused())) await setImmediate();
    expect(await asTwenty()).toEqual(answered('close'));
    await stopping;
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
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
