import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Requester } from '../src/index.js';
import { Broker, eventually } from './broker.js';
import { greet, hold, startDirectory, type RunningService } from './directory-service.js';

describe('a replica that stops', () => {
  let broker: Broker;
  let requester: Requester;
  let staying: RunningService;
  let leaving: RunningService;

  beforeEach(async () => {
    broker = await Broker.start();
    staying = await startDirectory({ connection: await broker.connect('directory') });
    leaving = await startDirectory({ connection: await broker.connect('directory') });
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

    const closed = leaving.close();
    leaving.gate.open();
    staying.gate.open();
    await closed;
    expect(await Promise.all(answers)).toEqual(answers.map((_, n) => ({ n })));
  });

  it('loses none of what is being sent', async () => {
    let done = 0;
    const caller = async (): Promise<void> => {
      for (let round = 0; round < 20; round++) {
        await requester.request(greet, { name: 'Ada' });
        done++;
      }
    };
    const callers = Promise.all(Array.from({ length: 100 }, caller));
    await eventually('traffic', () => done > 300);
    await leaving.close();
    const doneAtClose = done;
    await callers;
    expect(done).toBe(2_000);
    expect(doneAtClose).toBeLessThan(2_000);
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
