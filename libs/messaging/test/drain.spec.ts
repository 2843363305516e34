import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Requester } from '../src/index.js';
import { Broker, eventually } from './broker.js';
import { greet, hold, startDirectory, type RunningService } from './directory-service.js';

describe('a replica that stops', () => {
  let broker: Broker;
  let requester: Requester;
  let staying: RunningService;
  let leaving: RunningService;
  /** The way a process ends: whatever has not left by then never will. */
  let leave: () => Promise<void>;

  beforeEach(async () => {
    broker = await Broker.start();
    staying = await startDirectory({ connection: await broker.connect('directory') });
    const connection = await broker.connect('directory');
    leaving = await startDirectory({ connection });
    leave = async () => {
      await leaving.close();
      await connection.close();
    };
    requester = new Requester({ connection: await broker.connect('authn') });
  });
  afterEach(async () => {
    for (const { gate, close } of [staying, leaving]) {
      gate.open();
      await close();
    }
    await broker.stop();
  });

  it('answers what it has taken', async () => {
    const answers = Array.from({ length: 100 }, (_, n) => requester.request(hold, { n }));
    const entered = () => staying.gate.entered + leaving.gate.entered;
    await eventually('all requests to be taken', () => entered() === 100);
    expect(leaving.gate.entered).toBeGreaterThan(0);

    let ended = false;
    const left = leave().finally(() => (ended = true));
    // Whatever was drained has been by now.
    for (let round = 0; round < 20; round++) await requester.request(greet, { name: 'Ada' });
    expect(ended).toBe(false);
    leaving.gate.open();
    staying.gate.open();
    await left;
    expect(await Promise.all(answers)).toEqual(answers.map((_, n) => ({ n })));
  });

  it('answers what was on its way to it', async () => {
    const asking = await broker.connect('authn');
    const asker = new Requester({ connection: asking });
    for (let round = 0; round < 10; round++) {
      const connection = await broker.connect('directory');
      const another = await startDirectory({ connection });
      const answers = Array.from({ length: 100 }, () => asker.request(greet, { name: 'Ada' }));
      // The server has them, and has written half of them to a socket that nobody has read.
      await asking.flush();
      await another.transport.close();
      await connection.close();
      await Promise.all(answers);
      await another.close();
    }
  });

  it('loses none of what is being sent', async () => {
    let done = 0;
    let left = false;
    const caller = async (): Promise<void> => {
      for (let afterwards = 0; afterwards < 3;) {
        await requester.request(greet, { name: 'Ada' });
        done++;
        if (left) afterwards++;
      }
    };
    const callers = Promise.all(Array.from({ length: 100 }, caller));
    await eventually('traffic', () => done > 300);
    await leave().finally(() => (left = true));
    await expect(callers).resolves.toHaveLength(100);
  });

  it('takes nothing more', async () => {
    await staying.close();
    await leaving.close();
    await expect(requester.request(greet, { name: 'Ada' })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not wait for a handler beyond the drain timeout', async () => {
    await leaving.close();
    await staying.close();
    const stuck = await startDirectory({ connection: await broker.connect('directory'), drainTimeout: 100 });
    const lost = expect(requester.request(hold, { n: 1 }, { timeout: 500 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    await eventually('the handler', () => stuck.gate.entered === 1);
    await stuck.close();
    await lost;
    stuck.gate.open();
  });
});
