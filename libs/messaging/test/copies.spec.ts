import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { deadLetterStream } from '@signet/contracts';
import { keepDeadLetter } from '../src/dead-letters.js';
import { connectNats, deadLetters, ensureStream, lookAtStream, NatsRefused, raiseDeadLetters } from '../src/index.js';
import { Broker, eventually } from './broker.js';
import { Cluster } from './cluster.js';
import { tenant } from './recorded-events.js';

let letters = 0;
/** As a consumer does: until it is kept, while a stream has no leader yet. */
async function setAside(connection: NatsConnection): Promise<void> {
  const message = { subject: 'signet.events.v1.x', data: Buffer.from(String((letters += 1))) };
  await eventually('it to be set aside', () =>
    keepDeadLetter(connection, 'session', message, 'no_event').then(
      () => true,
      () => false,
    ),
  );
}

describe('the streams of a cluster', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await Cluster.start();
  });
  afterEach(() => cluster.stop());

  /** Its servers have to find each other first. */
  const made = async (connection: NatsConnection): Promise<void> => {
    await eventually('the stream', () =>
      ensureStream(connection).then(
        () => true,
        () => false,
      ),
    );
  };
  const copiesOfDeadLetters = async (): Promise<number> => {
    const manager = await jetstreamManager(await cluster.connect('operator'), { checkAPI: false });
    return (await manager.streams.info(deadLetterStream)).config.num_replicas;
  };

  it('are made with the copies that are asked for', async () => {
    const session = await cluster.connect('session', 3);
    await made(session);
    await setAside(session);
    expect((await ensureStream(session)).copies).toBe(3);
    expect(await copiesOfDeadLetters()).toBe(3);
  });

  it('have one where nothing is said', async () => {
    const session = await cluster.connect('session');
    await made(session);
    await setAside(session);
    expect((await ensureStream(session)).copies).toBe(1);
    expect(await copiesOfDeadLetters()).toBe(1);
  });

  it('are raised with what they hold, and never lowered', async () => {
    const before = await cluster.connect('token');
    await made(before);
    await jetstream(before).publish(`signet.events.v1.${tenant}.token.family.rotated`, '{}');
    const first = await ensureStream(before);

    const raised = await ensureStream(await cluster.connect('session', 3));
    expect(raised).toEqual({ created: first.created, lastSequence: 1, copies: 3 });
    for (const replicas of [undefined, 1])
      expect((await ensureStream(await cluster.connect('token', replicas))).copies).toBe(3);
    expect((await lookAtStream(before))?.state.messages).toBe(1);
  });

  it('keep what is set aside before they are raised, and after, whoever sets it aside', async () => {
    const [before, after, audit] = [
      await cluster.connect('session'),
      await cluster.connect('session', 3),
      await cluster.connect('audit', 3),
    ];
    await made(before);
    await raiseDeadLetters(audit);
    await setAside(before);
    await setAside(after);
    expect(await copiesOfDeadLetters()).toBe(1);
    await raiseDeadLetters(audit);
    expect(await copiesOfDeadLetters()).toBe(3);
    await setAside(await cluster.connect('session'));
    const kept: string[] = [];
    for await (const { data } of deadLetters(await cluster.connect('operator')))
      kept.push(Buffer.from(data).toString());
    expect(kept).toEqual([letters - 2, letters - 1, letters].map(String));
  });

  it('stay as they are while the cluster has too few servers, and events go on', async () => {
    const token = await cluster.connect('token');
    await made(token);
    const leader = (await lookAtStream(token))?.cluster?.leader;
    const other = cluster.names.find((name) => name !== leader);
    await cluster.halt(other ?? '');
    const asking = await cluster.connect('token', 3);
    await made(asking);
    expect((await ensureStream(asking)).copies).toBe(1);
  });
});

it.each(['there is none', 'it has one'])('a server that is no cluster is refused: %s', async (standing) => {
  const broker = await Broker.start();
  try {
    if (standing === 'it has one') await ensureStream(await broker.connect());
    const connection = await connectNats({ url: broker.url, service: 'token', name: 'spec', replicas: 3 });
    const refused = ensureStream(connection);
    await expect(refused).rejects.toThrow(NatsRefused);
    await expect(refused).rejects.toThrow(/SIGNET_NATS_REPLICAS/);
    await connection.close();
  } finally {
    await broker.stop();
  }
});
