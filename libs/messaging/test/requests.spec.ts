import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { request } from '@signet/contracts';
import { z } from 'zod';
import { MeshError, Requester, runWithContext, type LogLevel } from '../src/index.js';
import { Broker, eventually } from './broker.js';
import {
  DatabaseAway,
  explode,
  greet,
  hold,
  refuse,
  relayed,
  seen,
  startDirectory,
  type RunningService,
} from './directory-service.js';

const newerAnswer = '{"at":{"n":1,"m":2},"by":3}';
const imagined = request('session', 'session', 'dream', {
  request: z.object({}),
  response: z.strictObject({ at: z.strictObject({ n: z.int() }) }),
});
const unserved = request('session', 'session', 'imagine', { request: z.object({}), response: z.object({}) });

describe('a request between services', () => {
  let broker: Broker;
  let connection: NatsConnection;
  let requester: Requester;
  let service: RunningService;
  const sent: string[] = [];
  const logged: { level: LogLevel; event: string; fields: unknown }[] = [];
  const served: { subject: string; outcome: string }[] = [];
  const passed: [string, string][] = [];

  beforeAll(async () => {
    broker = await Broker.start();
    const directory = await broker.connect('directory');
    service = await startDirectory({
      connection: directory,
      requester: new Requester({ connection: directory }),
      errorMapper: (error) => (error instanceof DatabaseAway ? new MeshError('unavailable', 'no database') : undefined),
      log: (level, event, fields) => logged.push({ level, event, fields }),
      failpoint: (name, detail) => passed.push([name, detail]),
      onServed: (subject, outcome) => served.push({ subject, outcome }),
    });
    connection = await broker.connect('authn');
    requester = new Requester({ connection, onSend: (subject) => sent.push(subject) });
  });
  beforeEach(() => {
    sent.length = logged.length = served.length = passed.length = 0;
  });
  afterAll(async () => {
    service.gate.open();
    await service.close();
    await broker.stop();
  });

  it('is answered', async () => {
    await expect(requester.request(greet, { name: 'Ada' })).resolves.toEqual({ text: 'Hello Ada' });
    expect(sent).toEqual([greet.subject]);
    await eventually('counted', () => served.length === 1);
    expect(served).toEqual([{ subject: greet.subject, outcome: 'ok' }]);
  });

  it('passes the failpoint before it is answered', async () => {
    await requester.request(greet, { name: 'Ada' });
    expect(passed).toEqual([['before-respond', greet.subject]]);
  });

  it('is validated before it leaves', async () => {
    await expect(requester.request(greet, { name: '' })).rejects.toMatchObject({
      code: 'invalid_argument',
      details: [{ path: 'name' }],
    });
    expect(sent).toEqual([]);
  });

  it.each([
    ['another shape', '{"name":1}'],
    ['no JSON', '{"name":'],
    ['ill-formed UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['nothing', ''],
    ['more than the payload may be', JSON.stringify({ name: 'x'.repeat(600_000) })],
  ])('is validated where it arrives: %s', async (_, payload) => {
    const reply = await connection.request(greet.subject, payload);
    expect(reply.headers?.get('signet-error')).toBe('invalid_argument');
  });

  it('of a newer version is answered, and what it has more goes no further than the transport', async () => {
    const reply = await connection.request(greet.subject, '{"name":"Ada","admin":true}');
    expect([reply.headers?.get('signet-error'), reply.json()]).toEqual([undefined, { text: 'Hello Ada' }]);
    expect(service.gate.received.at(-1)).toEqual({ name: 'Ada' });
  });

  it('is answered by a newer version with members that this one does not know', async () => {
    const newer = await broker.connect('session');
    newer.subscribe(imagined.subject, { callback: (_, message) => void message.respond(newerAnswer) });
    await newer.flush();
    await expect(requester.request(imagined, {})).resolves.toEqual({ at: { n: 1 } });
  });

  it('with a member that is none does not leave', async () => {
    await expect(requester.request(greet, { name: 'Ada', nmae: 1 } as { name: string })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    expect(sent).toEqual([]);
  });

  it('is not sent when it is too large', async () => {
    await expect(requester.request(greet, { name: 'x'.repeat(600_000) })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    expect(sent).toEqual([]);
  });

  it.each(['not_found', 'conflict', 'permission_denied', 'resource_exhausted'] as const)(
    'fails with the code that was thrown: %s',
    async (code) => {
      const error = await requester.request(refuse, { code }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(MeshError);
      expect(error).toMatchObject({ code, message: `refused: ${code}`, details: { retry: 3 } });
      expect(logged).toEqual([]);
    },
  );

  it.each(['bug', 'wrong-answer'] as const)('hides the text of what nobody expected: %s', async (kind) => {
    const error = await requester.request(explode, { kind }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal', message: 'internal error', details: undefined });
    expect(logged).toMatchObject([{ level: 'error', event: 'rpc.failed', fields: { subject: explode.subject } }]);
  });

  it('logs the error itself where it was thrown', async () => {
    await requester.request(explode, { kind: 'bug' }).catch(() => undefined);
    expect(logged[0]?.fields).toMatchObject({ error: new TypeError('secret detail') });
  });

  it('gives errors of other libraries the code that the service maps them to', async () => {
    await expect(requester.request(explode, { kind: 'database' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(logged).toEqual([]);
  });

  it('is answered by what the contract names and nothing more', async () => {
    await expect(requester.request(explode, { kind: 'huge-answer' })).resolves.toEqual({ n: 1 });
  });

  it('is unavailable at once where nobody serves it', async () => {
    await expect(requester.request(unserved, {})).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends at its deadline, and the handler learns of it', async () => {
    const before = service.gate.signals.length;
    await expect(requester.request(hold, { n: 1 }, { timeout: 50 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    const signal = service.gate.signals[before];
    await eventually('the signal', () => signal?.aborted === true);
  });

  it('ends when its caller gives up', async () => {
    const caller = new AbortController();
    const before = service.gate.entered;
    const answer = requester.request(hold, { n: 1 }, { signal: caller.signal });
    const givenUp = expect(answer).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await eventually('the handler', () => service.gate.entered > before);
    caller.abort();
    await givenUp;
    await expect(requester.request(hold, { n: 1 }, { signal: caller.signal })).rejects.toBeInstanceOf(MeshError);
  });

  it('ends when the caller of its context has gone', async () => {
    const client = new AbortController();
    const before = service.gate.entered;
    const answer = runWithContext({ deadline: Date.now() + 9_000, signal: client.signal }, () =>
      requester.request(hold, { n: 1 }),
    );
    const givenUp = expect(answer).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await eventually('the handler', () => service.gate.entered > before);
    client.abort();
    await givenUp;
  });

  it.each([
    ['the contract', {}, undefined, 5_000],
    ['the caller', { timeout: 700 }, undefined, 700],
    ['the context', {}, 900, 900],
    ['the shortest', { timeout: 99_999 }, 800, 800],
  ])('has the deadline of %s', async (_, options, context, most) => {
    const ask = () => requester.request(seen, {}, options);
    const { left } = await (context === undefined ? ask() : runWithContext({ deadline: Date.now() + context }, ask));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(most);
  });

  it('hands deadline and trace on to the requests of its handler', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await runWithContext({ deadline: Date.now() + 1_000, traceparent }, () =>
      requester.request(relayed, {}),
    );
    expect(answer.traceparent).toBe(traceparent);
    expect(answer.left).toBeLessThanOrEqual(1_000);
  });

  it('is not sent once the inherited time is up', async () => {
    const late = runWithContext({ deadline: Date.now() }, () => requester.request(greet, { name: 'Ada' }));
    await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(sent).toEqual([]);
  });

  it('takes a code it does not know for internal', async () => {
    const strange = request('audit', 'entry', 'strange', { request: z.object({}), response: z.object({}) });
    const other = await broker.connect('audit');
    other.subscribe(strange.subject, {
      callback: (_, message) => {
        const head = headers();
        head.set('signet-error', 'teapot');
        message.respond('{"message":"short and stout"}', { headers: head });
      },
    });
    await other.flush();
    await expect(requester.request(strange, {})).rejects.toMatchObject({ code: 'internal' });
  });

  it('is refused when its answer does not match', async () => {
    const wrong = request('audit', 'entry', 'wrong', { request: z.object({}), response: z.object({ n: z.number() }) });
    const other = await broker.connect('audit');
    other.subscribe(wrong.subject, { callback: (_, message) => void message.respond('{"n":"1"}') });
    await other.flush();
    await expect(requester.request(wrong, {})).rejects.toMatchObject({ code: 'internal' });
  });

  it('is not answered after its deadline', async () => {
    const ended: string[] = [];
    const late = await startDirectory({
      connection: await broker.connect('directory'),
      onServed: (_, outcome) => ended.push(outcome),
    });
    service.gate.open();
    await service.close();
    const answers: string[] = [];
    connection.subscribe('_INBOX_authn.late', { callback: (_, message) => void answers.push(message.string()) });
    const head = headers();
    head.set('signet-timeout', '1');
    connection.publish(hold.subject, '{"n":1}', { reply: '_INBOX_authn.late', headers: head });
    await eventually('the handler', () => late.gate.signals[0]?.aborted === true);
    late.gate.open();
    await eventually('the end of the handler', () => ended.length === 1);
    await late.close();
    await connection.flush();
    expect(ended).toEqual(['deadline_exceeded']);
    expect(answers).toEqual([]);
  });
});
