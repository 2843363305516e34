import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectNats, ensureStream } from '@signet/messaging';
import { suiteNats, type SuiteNats } from '../src/index.js';

const connecting = { service: 'token', name: 'spec', waitOnFirstConnect: false };

describe('suiteNats', () => {
  let nats: SuiteNats;

  beforeAll(async () => {
    nats = await suiteNats();
  });
  afterAll(() => nats.stop());

  it('gives a server with JetStream', async () => {
    const connection = await connectNats({ ...connecting, url: nats.url });
    await expect(ensureStream(connection)).resolves.toBeDefined();
    await connection.close();
  });

  it('holds the services named to what the contracts allow', async () => {
    const own = await suiteNats({ services: ['token'] });
    await expect(connectNats({ ...connecting, url: own.url })).rejects.toThrow(/authorization/i);
    const connection = await connectNats({ ...connecting, url: own.serviceUrl('token') });
    await expect(connection.request('signet.rpc.audit.v1.entry.query')).rejects.toThrow(/permissions violation/i);
    await connection.close();
    await own.stop();
  });
});
