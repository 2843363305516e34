import { afterEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { eventStream, eventSubjects } from '@signet/contracts';
import {
  adoptStream,
  connectNats,
  ensureStream,
  installationIn,
  lookAtStream,
  NatsRefused,
  type Log,
} from '../src/index.js';
import { throwawayNats, type ThrowawayServer } from './embedded-servers.js';

const ours = { issuer: 'https://id.example', keys: ['a'] };
const running: { stop(): Promise<void> }[] = [];

async function server(config: object = {}): Promise<ThrowawayServer> {
  const started = await throwawayNats({ config });
  running.push(started);
  return started;
}

async function connect(url: string, installation?: { issuer: string; keys: readonly string[] }) {
  const connection = await connectNats({
    url,
    service: 'token',
    name: 'test',
    waitOnFirstConnect: false,
    installation,
  });
  running.unshift({ stop: () => connection.close() });
  return connection;
}

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function withStream(config: Partial<StreamConfig>) {
  const { url } = await server();
  const manager = await jetstreamManager(await connect(url));
  await manager.streams.add({ name: eventStream, subjects: [eventSubjects], storage: StorageType.File, ...config });
  return { url, manager };
}

describe('the stream’s name', () => {
  it.each<[string, Partial<StreamConfig>, string]>([
    ['other subjects', { subjects: ['orders.>'] }, 'takes orders.>'],
    ['further subjects', { subjects: [eventSubjects, 'orders.>'] }, 'takes signet.events.v1.>, orders.>'],
    ['another retention', { retention: RetentionPolicy.Workqueue }, 'has the retention workqueue'],
    ['storage in memory', { storage: StorageType.Memory }, 'is kept in memory'],
  ])('on a stream with %s is refused, and the stream left as it is', async (_, config, sentence) => {
    const { url, manager } = await withStream(config);
    const before = (await manager.streams.info(eventStream)).config;
    const ensured = ensureStream(await connect(url, ours));
    await expect(ensured).rejects.toBeInstanceOf(NatsRefused);
    await expect(ensured).rejects.toThrow(`not Signet's: it ${sentence}. Delete it`);
    expect((await manager.streams.info(eventStream)).config).toEqual(before);
  });

  it('on a stream of another installation is refused until that is adopted', async () => {
    const { url } = await server();
    await ensureStream(await connect(url, ours));
    for (const [other, sentence] of [
      [{ ...ours, issuer: 'https://other.example' }, 'belongs to the installation https://id.example:'],
      [{ ...ours, keys: ['b'] }, 'https://id.example with another keyring:'],
    ] as const) {
      const foreign = await connect(url, other);
      await expect(ensureStream(foreign)).rejects.toThrow(sentence);
      await expect(ensureStream(foreign)).rejects.toThrow('signet installation adopt');
    }
    const next = { issuer: 'https://other.example', keys: ['b'] };
    expect(await adoptStream(await connect(url), next)).toBe(true);
    await ensureStream(await connect(url, next));
    await expect(ensureStream(await connect(url, ours))).rejects.toBeInstanceOf(NatsRefused);
  });

  it('on a stream that says nothing is taken; a next key is learned, and a lost stream made again as ours', async () => {
    const { url, manager } = await withStream({});
    const connection = await connect(url, ours);
    const known = async () => installationIn((await lookAtStream(connection))?.config.metadata);
    await ensureStream(connection);
    expect(await known()).toEqual(ours);
    await ensureStream(await connect(url, { ...ours, keys: ['b', 'a'] }));
    await ensureStream(connection);
    expect(await known()).toEqual({ ...ours, keys: ['b', 'a'] });
    await manager.streams.delete(eventStream);
    await ensureStream(connection);
    expect(await known()).toEqual(ours);
  });

  it('on no stream is nothing to adopt', async () => {
    const { url } = await server();
    expect(await adoptStream(await connect(url), ours)).toBe(false);
  });
});

describe('a NATS that cannot be used', () => {
  it('without JetStream says how it has it', async () => {
    const { url } = await server({ accounts: { A: { users: [{ user: 'token', password: 'p' }] } } });
    const own = Object.assign(new URL(url), { username: 'token', password: 'p' }).href;
    await expect(ensureStream(await connect(own, ours))).rejects.toThrow(/without JetStream: start nats-server with/);
  });

  it('whose user lacks permissions says which', async () => {
    const permissions = { publish: { allow: ['nothing'] }, subscribe: { allow: ['_INBOX_token.>'] } };
    const { url } = await server({ authorization: { users: [{ user: 'token', password: 'p', permissions }] } });
    const own = Object.assign(new URL(url), { username: 'token', password: 'p' }).href;
    const ensured = ensureStream(await connect(own, ours));
    await expect(ensured).rejects.toBeInstanceOf(NatsRefused);
    await expect(ensured).rejects.toThrow(
      /publish to \$JS.API.STREAM.INFO.SIGNET_EVENTS: give nats-server what `signet nats config`/,
    );
  });

  it('where another stream has the subjects says so', async () => {
    const { url } = await server();
    const manager = await jetstreamManager(await connect(url));
    await manager.streams.add({ name: 'OTHER', subjects: ['signet.>'] });
    await expect(ensureStream(await connect(url, ours))).rejects.toThrow(
      /Another stream of this NATS takes signet.events.v1.>/,
    );
  });

  it('that does not know the password tells it once, and whoever asked', async () => {
    const { url } = await server({ authorization: { users: [{ user: 'token', password: 'right' }] } });
    const wrong = Object.assign(new URL(url), { username: 'token', password: 'wrong-one' }).href;
    const told: string[] = [];
    const log: Log = (level, event, fields) => told.push(`${level} ${event} ${JSON.stringify(fields)}`);
    const stop = new AbortController();
    let refusals = 0;
    const thrice = new Promise<void>((resolve) => {
      void connectNats({
        ...{ url: wrong, service: 'token', name: 'test', signal: stop.signal, log },
        onRefused: (refusal) => {
          expect(refusal.message).toMatch(/does not know the user token with this password .*signet nats config/);
          if (++refusals === 3) resolve();
        },
      }).catch(() => undefined);
    });
    await thrice;
    stop.abort();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('error nats.refused');
    expect(told[0]).not.toContain('wrong-one');
  });
});
