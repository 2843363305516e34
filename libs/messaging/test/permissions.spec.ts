import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';
import { confirmOutbox, deadLetterStream, eventStream, permissions, request, type Principal } from '@signet/contracts';
import { z } from 'zod';
import {
  connectNats,
  ensureStream,
  ensureTenantConsumer,
  EventConsumer,
  followTenantEvents,
  NatsRefused,
  natsServerConfig,
  NatsTransport,
  OutboxRelay,
  permissionsOf,
  Requester,
  type EventConsumerOptions,
} from '../src/index.js';
import { Broker, eventually } from './broker.js';
import { MemoryOutbox, row, tenant } from './recorded-events.js';

const principals = Object.keys(permissions) as Principal[];
const services = principals.filter((name) => name !== 'operator');
const passwordOf = (name: string) => `"of" \\${name}# $HOME {}`;
const shipped = natsServerConfig({
  services: Object.fromEntries(principals.map((name) => [name, { password: passwordOf(name) }])),
  consumers: { siem: { password: 'of siem' }, lake: { password: 'of lake' } },
});
/** With one user more, who sees how the server stands. */
const config = shipped.replace('"users": [', '"users": [{ "user": "observer", "password": "observer" },');
const contracts = principals.flatMap((name) => permissions[name].serves);

describe('each NATS user', () => {
  let broker: Broker;
  const users = new Map<Principal, NatsConnection>();
  const as = (name: Principal): NatsConnection => {
    const connection = users.get(name);
    if (!connection) throw new Error(name);
    return connection;
  };

  beforeAll(async () => {
    broker = await Broker.start(config);
    for (const name of principals) users.set(name, await broker.connect(name, { name, password: passwordOf(name) }));
    await ensureStream(as('token'));
  });
  afterAll(() => broker.stop());

  /** What the server refused of what `act` did. */
  async function refused(connection: NatsConnection, act: () => void): Promise<string[]> {
    const found: string[] = [];
    const statuses = connection.status();
    const watching = (async () => {
      for await (const status of statuses) {
        if (status.type === 'error' && status.error instanceof PermissionViolationError) {
          found.push(`${status.error.operation} ${status.error.subject}`);
        }
      }
    })();
    act();
    // The server answers in order: refusals come before the answer to the flush.
    await connection.flush();
    await turn();
    (statuses as unknown as { stop(): void }).stop();
    await watching;
    return found;
  }
  const publishing = (name: Principal, ...subjects: string[]) =>
    refused(as(name), () => {
      for (const subject of subjects) as(name).publish(subject);
    });
  const subscribing = async (name: Principal, ...subjects: string[]) => {
    const connection = await broker.connect(name, { name, password: passwordOf(name) });
    const refusals = await refused(connection, () => {
      for (const subject of subjects) connection.subscribe(subject, { queue: name, callback: () => undefined });
    });
    await connection.close();
    return refusals;
  };

  it.each(principals)('%s may call what the table says and nothing else', async (name) => {
    const called = permissions[name].calls.map(({ subject }) => subject);
    const others = contracts.map(({ subject }) => subject).filter((subject) => !called.includes(subject));
    expect(await publishing(name, ...called)).toEqual([]);
    expect(await publishing(name, ...others)).toEqual(others.map((subject) => `publish ${subject}`));
  });

  it('is told of what it tried, and so is the operator', async () => {
    const denied: string[] = [];
    const told: unknown[] = [];
    const url = Object.assign(new URL(broker.url), { username: 'token', password: passwordOf('token') }).href;
    const connection = await connectNats({
      ...{ url, service: 'token', name: 'test' },
      onDenied: (operation) => denied.push(operation),
      log: (_level, event, fields) => told.push([event, fields]),
    });
    const forged = `signet.events.v1.${tenant}.session.session.ended`;
    connection.publish(forged);
    await connection.flush();
    await eventually('the refusal', () => denied.length > 0);
    expect(denied).toEqual(['publish']);
    expect(told).toContainEqual(['nats.denied', { operation: 'publish', subject: forged }]);
    await connection.close();
  });

  it.each(principals)('%s may serve what the table says and nothing else', async (name) => {
    const served = permissions[name].serves.map(({ subject }) => subject);
    const others = contracts.map(({ subject }) => subject).filter((subject) => !served.includes(subject));
    expect(await subscribing(name, ...served)).toEqual([]);
    const more = [...others, '>', 'signet.>', 'signet.events.v1.>', '$JS.>', '_INBOX.>'];
    expect(await subscribing(name, ...more)).toEqual(more.map((subject) => `subscription ${subject}`));
  });

  it.each(principals)('%s reads no inbox but its own', async (name) => {
    expect(await subscribing(name, `_INBOX_${name}.>`)).toEqual([]);
    const others = principals.filter((other) => other !== name).map((other) => `_INBOX_${other}.>`);
    expect(await subscribing(name, ...others)).toEqual(others.map((subject) => `subscription ${subject}`));
  });

  it.each(principals)('%s publishes events as itself alone', async (name) => {
    const subject = (service: string) => `signet.events.v1.${tenant}.${service}.noun.happened`;
    const own = services.filter((service) => service === name).map(subject);
    const others = services.filter((service) => service !== name).map(subject);
    expect(await publishing(name, ...own)).toEqual([]);
    expect(await publishing(name, ...others)).toEqual(others.map((one) => `publish ${one}`));
  });

  it.each(principals)(
    '%s does not touch the stream beyond looking after it, nor the consumers of others',
    async (name) => {
      const foreign = principals
        .filter((other) => other !== name)
        .flatMap((other) => permissions[other].durables ?? [])
        .concat(name === 'audit' ? [] : ['consumer-siem', 'consumer-lake'])
        .flatMap((durable) => [
          `$JS.API.CONSUMER.CREATE.${eventStream}.${durable}`,
          `$JS.API.CONSUMER.CREATE.${eventStream}.${durable}.signet.events.v1.>`,
          `$JS.API.CONSUMER.CREATE.${eventStream}.${durable}.signet.events.v1.*.directory.>`,
          `$JS.API.CONSUMER.DURABLE.CREATE.${eventStream}.${durable}`,
          `$JS.API.CONSUMER.INFO.${eventStream}.${durable}`,
          `$JS.API.CONSUMER.MSG.NEXT.${eventStream}.${durable}`,
          `$JS.API.CONSUMER.DELETE.${eventStream}.${durable}`,
          `$JS.ACK.${eventStream}.${durable}.1.1.1.1.0`,
        ]);
      const api = ['DELETE', 'PURGE', 'MSG.GET', 'MSG.DELETE', 'SNAPSHOT'].map(
        (verb) => `$JS.API.STREAM.${verb}.${eventStream}`,
      );
      const setAside = [...(name === 'audit' ? [] : ['UPDATE']), 'DELETE', 'PURGE', 'MSG.DELETE'];
      const more = [
        ...foreign,
        ...api,
        ...setAside.map((verb) => `$JS.API.STREAM.${verb}.${deadLetterStream}`),
        '$JS.API.STREAM.CREATE.OTHER',
        '$JS.API.INFO',
        '$SYS.REQ.SERVER.PING',
        '_INBOX.x',
      ];
      expect(await publishing(name, ...more)).toEqual(more.map((subject) => `publish ${subject}`));
    },
  );

  it.each(services.filter((name) => permissions[name].consumes.length > 0))(
    '%s consumes what the table says, by its durables and without',
    async (name) => {
      const subjects = permissions[name].consumes;
      const seen: string[] = [];
      const consumer = (over: Partial<EventConsumerOptions>) =>
        new EventConsumer({
          connection: as(name),
          service: name,
          durable: undefined,
          subjects,
          handle: (batch) => {
            seen.push(...batch.map(({ id }) => id));
            return Promise.resolve(batch.map(() => 'applied'));
          },
          ...over,
        });
      const manager = await jetstreamManager(
        await broker.connect('observer', { name: 'observer', password: 'observer' }),
      );
      const before = (await manager.streams.info(eventStream)).state.consumer_count;
      const durables = permissions[name].durables ?? [];
      const consumers = [...durables.map((durable) => consumer({ durable })), consumer({})];
      for (const one of consumers) one.start();
      await eventually(
        'its consumers',
        async () =>
          (await manager.streams.info(eventStream)).state.consumer_count >= before + durables.length + subjects.length,
      );

      const publisher = subjects.includes('signet.events.v1.*.directory.>') ? 'directory' : 'token';
      const event = eventBy(publisher);
      const outbox = new MemoryOutbox();
      const relay = new OutboxRelay({ connection: as(publisher), outbox });
      relay.start();
      outbox.record(event);
      await eventually('each to see it', () => seen.filter((id) => id === event.id).length === consumers.length);
      await eventually('it to be acknowledged', async () => {
        const infos = await Promise.all(durables.map((durable) => manager.consumers.info(eventStream, durable)));
        return infos.every(({ num_ack_pending: unacknowledged }) => unacknowledged === 0);
      });
      await Promise.all([relay.stop(), ...consumers.map((one) => one.stop())]);
    },
  );

  it('cannot consume what the table does not give it', async () => {
    const subject = 'signet.events.v1.*.audit.>';
    const refusals = await refused(as('token'), () => {
      as('token').publish(`$JS.API.CONSUMER.CREATE.${eventStream}.token-1.${subject}`);
      as('token').publish(`$JS.API.CONSUMER.CREATE.${eventStream}`);
      as('token').publish(`$JS.API.CONSUMER.CREATE.${eventStream}.token-1`);
    });
    expect(refusals).toHaveLength(3);
  });

  describe('of a consumer from outside', () => {
    const siem = () => broker.connect('consumer-siem', { name: 'consumer-siem', password: 'of siem' });

    it("pulls its tenant's events alone from the consumer that audit made for it, and acknowledges them", async () => {
      await ensureTenantConsumer(as('audit'), 'siem', tenant);
      // Again, as every five seconds.
      await ensureTenantConsumer(as('audit'), 'siem', tenant);
      await ensureTenantConsumer(as('audit'), 'lake', '0198a000-0000-7000-8000-00000000000f');
      const outbox = new MemoryOutbox();
      const relay = new OutboxRelay({ connection: as('token'), outbox });
      relay.start();
      const mine = eventBy('token');
      const other = eventBy('token');
      outbox.record({ ...other, subject: other.subject.replace(tenant, '0198a000-0000-7000-8000-00000000000f') }, mine);
      const connection = await siem();
      const consumer = await jetstream(connection, { domain: 'SIGNET' }).consumers.get(eventStream, 'consumer-siem');
      const ids: (string | undefined)[] = [];
      while (ids.at(-1) !== mine.id) {
        const message = await consumer.next({ expires: 5_000 });
        if (!message) break;
        expect(message.subject).toContain(`.${tenant}.`);
        ids.push(message.headers?.get('Nats-Msg-Id'));
        await message.ackAck();
      }
      expect(ids).toContain(mine.id);
      expect((await consumer.info()).num_ack_pending).toBe(0);
      await relay.stop();
    });

    it('follows what is its own, acknowledges it, and finds its consumer again where that was lost', async () => {
      const followed = '0198a000-0000-7000-8000-0000000000ff';
      await ensureTenantConsumer(as('audit'), 'siem', followed);
      const outbox = new MemoryOutbox();
      const relay = new OutboxRelay({ connection: as('token'), outbox });
      relay.start();
      const ended = new AbortController();
      const taken: string[] = [];
      const following = followTenantEvents({
        ...{ connection: await siem(), name: 'siem', signal: ended.signal },
        take: (leaf) => taken.push(Buffer.from(leaf).toString()),
      });
      const told = async () => {
        const event = eventBy('token');
        outbox.record({ ...event, subject: event.subject.replace(tenant, followed) });
        await eventually('it to be taken', () => taken.some((leaf) => leaf.includes(event.id)));
      };
      await told();
      const manager = await jetstreamManager(as('audit'), { checkAPI: false });
      await manager.consumers.delete(eventStream, 'consumer-siem');
      await ensureTenantConsumer(as('audit'), 'siem', followed);
      await told();
      ended.abort();
      await following;
      const { num_ack_pending: unanswered } = await manager.consumers.info(eventStream, 'consumer-siem');
      expect(unanswered).toBe(0);
      await relay.stop();
    });

    it('follows no other', async () => {
      const signal = new AbortController().signal;
      const following = followTenantEvents({ connection: await siem(), name: 'lake', signal, take: () => undefined });
      await expect(following).rejects.toBeInstanceOf(NatsRefused);
    });

    it('sees another tenant alone once its consumer is made for that one, from the beginning', async () => {
      await ensureTenantConsumer(as('audit'), 'siem', '0198a000-0000-7000-8000-00000000000f');
      const consumer = await jetstream(await siem(), { domain: 'SIGNET' }).consumers.get(eventStream, 'consumer-siem');
      const { config, delivered } = await consumer.info();
      expect([config.filter_subject, delivered.consumer_seq]).toEqual([
        'signet.events.v1.0198a000-0000-7000-8000-00000000000f.>',
        0,
      ]);
      await ensureTenantConsumer(as('audit'), 'siem', tenant);
    });

    it('has no answer published where it may not publish itself', async () => {
      await ensureTenantConsumer(as('audit'), 'siem', tenant);
      const connection = await siem();
      const observer = await broker.connect('observer', { name: 'observer', password: 'observer' });
      const created = async () => (await (await jetstreamManager(observer)).streams.info(eventStream)).created;
      const before = await created();
      // An empty answer is a valid request to delete the stream.
      const pull = {
        subject: `$JS.SIGNET.API.CONSUMER.MSG.NEXT.${eventStream}.consumer-siem`,
        body: '{"batch":1,"no_wait":true}',
      };
      for (const reply of [`$JS.API.STREAM.DELETE.${eventStream}`, `$JS.API.STREAM.PURGE.${eventStream}`])
        for (let pulls = 0; pulls < 20; pulls += 1) connection.publish(pull.subject, pull.body, { reply });
      await connection.flush();
      const consumer = await jetstream(connection, { domain: 'SIGNET' }).consumers.get(eventStream, 'consumer-siem');
      await consumer.info();
      expect(await created()).toBe(before);
    });

    it('does nothing else', async () => {
      const stream = [
        'INFO',
        'CREATE',
        'UPDATE',
        'DELETE',
        'PURGE',
        'MSG.GET',
        'MSG.DELETE',
        'SNAPSHOT',
        'NAMES',
        'LIST',
      ];
      const api = '$JS.API.CONSUMER';
      const subjects = [
        ...stream.map((verb) => `$JS.API.STREAM.${verb}.${eventStream}`),
        `${api}.CREATE.${eventStream}.consumer-siem`,
        `${api}.CREATE.${eventStream}.consumer-siem.signet.events.v1.${tenant}.>`,
        `${api}.CREATE.${eventStream}.own.signet.events.v1.${tenant}.>`,
        `${api}.DURABLE.CREATE.${eventStream}.consumer-siem`,
        `${api}.DELETE.${eventStream}.consumer-siem`,
        ...['audit', 'session-revocations', 'consumer-lake', 'consumer-siem2'].flatMap((name) => [
          `$JS.SIGNET.API.CONSUMER.MSG.NEXT.${eventStream}.${name}`,
          `${api}.MSG.NEXT.${eventStream}.${name}`,
          `${api}.INFO.${eventStream}.${name}`,
          `$JS.ACK.${eventStream}.${name}.1.1.1.1.0`,
        ]),
        `${api}.LIST.${eventStream}`,
        `${api}.NAMES.${eventStream}`,
        `$JS.API.STREAM.INFO.SIGNET_DEAD_LETTERS`,
        `signet.events.v1.${tenant}.token.family.rotated`,
        'signet.dead.v1.audit',
        ...contracts.map(({ subject }) => subject),
      ];
      const connection = await siem();
      const publish = await refused(connection, () => {
        for (const subject of subjects) connection.publish(subject);
      });
      expect(publish).toEqual(subjects.map((subject) => `publish ${subject}`));
      const heard = [
        '>',
        `signet.events.v1.${tenant}.>`,
        '_INBOX.>',
        '_INBOX_consumer-lake.>',
        '_INBOX_audit.>',
        '$JS.>',
      ];
      const subscribe = await refused(connection, () => {
        for (const subject of heard) connection.subscribe(subject, { callback: () => undefined });
      });
      expect(subscribe).toEqual(heard.map((subject) => `subscription ${subject}`));
    });
  });

  it('asks and is answered', async () => {
    const contract = confirmOutbox.token;
    const transport = new NatsTransport({ connection: as('token'), service: 'token' });
    transport.addHandler(contract.subject, () => Promise.resolve({ confirmed: 1 }), false, { contract });
    await transport.listen((error) => {
      if (error) throw error as Error;
    });
    const requester = new Requester({ connection: as('audit') });
    const ids = ['0198a000-0000-7000-8000-000000000000'];
    await expect(requester.request(contract, { ids })).resolves.toEqual({ confirmed: 1 });
    // The server refuses the publish, and the caller need not wait for its deadline.
    const stranger = new Requester({ connection: as('authn') });
    await expect(stranger.request(contract, { ids })).rejects.toMatchObject({ code: 'unavailable' });
    await transport.close();
  });

  it('is refused with another password, or none', async () => {
    await expect(broker.connect('token', { name: 'token', password: 'wrong' })).rejects.toThrow(/authorization/i);
    await expect(broker.connect('token')).rejects.toThrow(/authorization/i);
  });
});

const eventBy = (service: string) =>
  row('thing:1', 1, { subject: `signet.events.v1.${tenant}.${service}.account.disabled` });

describe('permissionsOf', () => {
  const contract = request('token', 'a', 'b', { request: z.object({}), response: z.object({}) });
  it('gives a user that neither consumes nor publishes no way to JetStream', () => {
    expect(permissionsOf('operator', { operator: { serves: [], calls: [contract], consumes: [] } })).toEqual({
      publish: { allow: [contract.subject], deny: [] },
      subscribe: { allow: ['_INBOX_operator.>'] },
    });
  });
});
