import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accountId, newId, passwordChanged, type AccountId, type RecordedEvent } from '@signet/contracts';
import { ServiceLogger } from '@signet/service';
import { Webhook } from 'standardwebhooks';
import { AuditedTenants, type Answer } from './audited-tenants.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';
import { answering, silence, WebhookReceiver } from './webhook-receiver.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let replica: Replica;
let bearer: string;
let origin: string;
let receiver: WebhookReceiver;
let other: WebhookReceiver;
let settings: Record<string, string>;

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  [receiver, other] = await Promise.all([WebhookReceiver.open(), WebhookReceiver.open()]);
  settings = { SIGNET_OUTBOUND_ALLOW: `${receiver.origin},${other.origin}` };
  replica = await on.startReplica(settings);
  origin = await tenants.at(replica);
  bearer = tenants.token('default', ['webhooks:read', 'webhooks:write', 'events:read']);
});
afterAll(async () => {
  await Promise.all([receiver.close(), other.close()]);
  await tenants.stop();
  await on.stop();
});

interface Made {
  readonly id: string;
  readonly secret: string;
  readonly uuid: string;
}

const ask = (method: string, path = '', body?: unknown, headers = {}): Promise<Answer> =>
  tenants.ask(bearer, method, `${origin}/admin/v1/webhooks${path}`, body, headers);
const types = ['signet.authn.password.*'];

async function create(at = receiver, more = {}): Promise<Made> {
  const { status, body } = await ask('POST', '', { url: at.url, types, ...more });
  expect(status).toBe(201);
  const [, hex = ''] = String(body['id']).split('_');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id: String(body['id']), secret: String(body['secret']), uuid };
}

beforeEach(() => {
  for (const each of [receiver, other]) {
    each.told.length = 0;
    each.takeAll();
  }
});
afterEach(async () => {
  const { body } = await ask('GET', '?limit=200');
  for (const { id } of body['items'] as { id: string }[]) await ask('DELETE', `/${id}`);
});

const changed = (account: AccountId = newId(accountId)): RecordedEvent =>
  on.producer.parts.events.make(passwordChanged, {
    ...{ tenantId: on.tenant, aggregate: account, account, context: { actor: 'operator:configuration' } },
    data: { by: 'configuration' },
  });
async function record(event = changed(), version = 1): Promise<string> {
  await on.record(event, version);
  return event.id;
}
const told = (at: WebhookReceiver, ids: readonly string[]) =>
  until(() => Promise.resolve(ids.every((id) => at.ids.includes(id))));

/** As if the time had come for every attempt that is waiting. */
const due = (webhook: Made) =>
  on.database.query('update audit.webhook_delivery set next_attempt_at = now() where webhook_id = $1', [webhook.uuid]);
const deliveries = async (webhook: Made, outcome: string) =>
  (await ask('GET', `/${webhook.id}/deliveries?limit=200&outcome=${outcome}`)).body['items'] as {
    position: number;
    event_id: string;
    attempts: number;
    last_answer: string;
  }[];
const settled = (webhook: Made, outcome: string, ids: readonly string[]) =>
  until(async () => {
    const found = (await deliveries(webhook, outcome)).map(({ event_id: id }) => id);
    return ids.every((id) => found.includes(id));
  });
const eventsOf = async (aggregate: string) =>
  (await on.entries())
    .filter((entry) => entry.aggregate === aggregate)
    .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type: string; reason?: string; data: object });

describe('a webhook', () => {
  it('is made with a secret that is shown once, is changed and deleted, and each change is an event without it', async () => {
    const made = await create();
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await ask('GET', `/${made.id}`);
    expect(read.body).toMatchObject({ url: receiver.url, types, enabled: true, secrets: 1, version: 1 });
    expect(JSON.stringify(read.body)).not.toContain('whsec_');
    const etag = String(read.headers.get('etag'));
    expect((await ask('PATCH', `/${made.id}`, { description: 'siem' }, { 'If-Match': '"7"' })).status).toBe(412);
    const patched = await ask('PATCH', `/${made.id}`, { description: 'siem' }, { 'If-Match': etag });
    expect(patched.body).toMatchObject({ description: 'siem', version: 2 });
    expect((await ask('DELETE', `/${made.id}`)).status).toBe(204);
    expect((await ask('GET', `/${made.id}`)).status).toBe(404);
    const aggregate = `webhook:${made.uuid}`;
    await until(async () => (await eventsOf(aggregate)).length === 3);
    const events = await eventsOf(aggregate);
    expect(events.map(({ type }) => type.split('.')[3])).toEqual(['created', 'updated', 'deleted']);
    expect(events[1]?.data).toEqual({
      changed: ['description'],
      before: { description: '' },
      after: { description: 'siem' },
    });
    expect(JSON.stringify(events)).not.toContain(made.secret.slice(6));
  });

  it('is told of each event once, as Standard Webhooks and CloudEvents have it', async () => {
    const made = await create();
    const id = await record();
    await told(receiver, [id]);
    await settled(made, 'delivered', [id]);
    expect(receiver.ids).toEqual([id]);
    const [{ headers, body }] = receiver.told as [(typeof receiver.told)[number]];
    const verified = new Webhook(made.secret).verify(body, headers as Record<string, string>);
    expect(verified).toMatchObject({
      specversion: '1.0',
      id,
      type: 'signet.authn.password.changed.v1',
      source: '/signet/authn',
    });
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const forged = body.replace('configuration', 'somebody');
    expect(() => new Webhook(made.secret).verify(forged, headers as Record<string, string>)).toThrow();
    expect(JSON.stringify(await deliveries(made, 'delivered'))).toContain('"last_answer":"204"');
  });

  it("waits with an aggregate's next event until the last is delivered, and goes on with others", async () => {
    const made = await create();
    const account = newId(accountId);
    const events = [changed(account), changed(account), changed(account)];
    const [first = '', second = '', third = ''] = events.map(({ id }) => id as string);
    receiver.refuse(first);
    for (const [at, event] of events.entries()) await record(event, at + 1);
    const bystander = await record();
    await told(receiver, [first, bystander]);
    await settled(made, 'delivered', [bystander]);
    expect(receiver.ids).not.toContain(second);
    receiver.takeAll();
    await due(made);
    await told(receiver, [second, third]);
    const ofAccount = receiver.ids.filter((id) => id !== bystander);
    expect(ofAccount).toEqual([first, first, second, third]);
  });

  it('is signed with both secrets for a day after a rotation, and with the new one alone where others are ended', async () => {
    const made = await create();
    const rotated = String((await ask('POST', `/${made.id}/secret`, {})).body['secret']);
    expect(rotated).not.toBe(made.secret);
    const id = await record();
    await told(receiver, [id]);
    const { headers, body } = receiver.told.at(-1) ?? { headers: {}, body: '' };
    for (const secret of [made.secret, rotated]) new Webhook(secret).verify(body, headers as Record<string, string>);
    const last = String((await ask('POST', `/${made.id}/secret`, { end_others: true })).body['secret']);
    const again = await record();
    await told(receiver, [again]);
    const call = receiver.told.at(-1) ?? { headers: {}, body: '' };
    new Webhook(last).verify(call.body, call.headers as Record<string, string>);
    expect(() => new Webhook(rotated).verify(call.body, call.headers as Record<string, string>)).toThrow();
  });

  it('has a dead letter after ten attempts, which is an event, is listed, and is tried again when somebody says so', async () => {
    const made = await create();
    const event = changed();
    receiver.refuse(event.id);
    await record(event);
    await told(receiver, [event.id]);
    await until(async () => (await deliveries(made, 'waiting'))[0]?.attempts === 1);
    await on.database.query('update audit.webhook_delivery set attempts = 9 where webhook_id = $1', [made.uuid]);
    await due(made);
    await settled(made, 'dead_lettered', [event.id]);
    const [letter] = await deliveries(made, 'dead_lettered');
    expect(letter).toMatchObject({ attempts: 10, last_answer: '500' });
    const deadLettered = async () =>
      (await on.entries())
        .map(
          ({ leaf }) =>
            JSON.parse(leaf.toString('utf8')) as { type: string; data: { event: string; attempts: number } },
        )
        .find(({ type, data }) => type === 'signet.audit.webhook-delivery.dead-lettered.v1' && data.event === event.id);
    await until(async () => (await deadLettered()) !== undefined);
    expect(await deadLettered()).toMatchObject({ data: { webhook: made.id, attempts: 10, answer: '500' } });
    receiver.takeAll();
    expect((await ask('POST', `/${made.id}/deliveries/${letter?.position ?? 0}/retry`)).body).toMatchObject({
      ...{ outcome: 'waiting', attempts: 0 },
    });
    await settled(made, 'delivered', [event.id]);
    const retried = async () =>
      (await on.entries())
        .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type: string; data: { event: string } })
        .find(({ type, data }) => type === 'signet.audit.webhook-delivery.retried.v1' && data.event === event.id);
    await until(async () => (await retried()) !== undefined);
    expect(await retried()).toMatchObject({ data: { webhook: made.id, attempts: 10 } });
  });

  it('is disabled by 410, and goes on where it was when it is enabled again', async () => {
    const made = await create();
    receiver.answer = answering(410);
    const id = await record();
    await until(async () => (await ask('GET', `/${made.id}`)).body['disabled_reason'] === 'gone');
    const missed = await record();
    receiver.takeAll();
    receiver.told.length = 0;
    expect((await ask('PATCH', `/${made.id}`, { enabled: true })).body).toMatchObject({ disabled_reason: null });
    await told(receiver, [id, missed]);
    await until(async () => (await eventsOf(`webhook:${made.uuid}`)).length === 3);
    expect((await eventsOf(`webhook:${made.uuid}`))[1]).toMatchObject({ reason: 'gone', data: { answer: '410' } });
  });

  it('is disabled where nothing was delivered for five days', async () => {
    const made = await create();
    receiver.answer = answering(500);
    await record();
    await until(async () => (await ask('GET', `/${made.id}`)).body['failing_since'] !== null);
    await on.database.query(`update audit.webhook set failing_since = now() - interval '6 days' where id = $1`, [
      made.uuid,
    ]);
    await due(made);
    await until(async () => (await ask('GET', `/${made.id}`)).body['disabled_reason'] === 'failing');
  });

  it('is told again from a position, and from a time', async () => {
    const made = await create();
    const before = (await ask('GET', `/${made.id}`)).body['position'] as number;
    const first = await record();
    await settled(made, 'delivered', [first]);
    const second = await record();
    await settled(made, 'delivered', [second]);
    const { time } = JSON.parse(receiver.told.at(-1)?.body ?? '') as { time: string };
    receiver.told.length = 0;
    expect((await ask('POST', `/${made.id}/replay`, { from: { position: before } })).status).toBe(200);
    await told(receiver, [first, second]);
    await settled(made, 'delivered', [first, second]);
    receiver.told.length = 0;
    expect((await ask('POST', `/${made.id}/replay`, { from: { time } })).status).toBe(200);
    await told(receiver, [second]);
    await settled(made, 'delivered', [second]);
    expect(receiver.ids).toEqual([second]);
    const ahead = await ask('POST', `/${made.id}/replay`, { from: { position: 999_999 } });
    expect([ahead.status, JSON.stringify(ahead.body['errors'])]).toEqual([
      400,
      expect.stringContaining('/from/position'),
    ]);
  });

  it('that never answers delays nobody, and holds no more of the log than its window', async () => {
    const dead = await create(other);
    const alive = await create(receiver);
    other.answer = silence;
    const events = Array.from({ length: 300 }, () => changed());
    await on.recordAll(events);
    const ids = events.map(({ id }) => id);
    await told(receiver, ids);
    await settled(alive, 'delivered', [ids.at(-1) ?? '']);
    expect((await ask('GET', `/${dead.id}`)).body['waiting']).toBe(256);
    expect(new Set(receiver.ids).size).toBe(receiver.ids.length);
    other.takeAll();
    other.told.length = 0;
    other.hangUp();
    await until(async () => {
      await due(dead);
      return ids.every((id) => other.ids.includes(id));
    });
  }, 60_000);

  it('is told at least once by whichever replica is left, and that is recorded once', async () => {
    const made = await create();
    const second = await on.startReplica(settings);
    const event = changed();
    const cut = new Promise<void>((resolve) => {
      // Whoever called cannot write down that it was delivered.
      receiver.answer = (request, response) => {
        void Promise.all([replica.postgres.close(), second.postgres.close()]).then(() => {
          answering(204)(request, response);
          resolve();
        });
      };
    });
    await record(event);
    await cut;
    receiver.takeAll();
    await Promise.all([replica.postgres.open(), second.postgres.open()]);
    await until(async () => (await ask('GET', `/${made.id}`)).status === 200);
    await settled(made, 'delivered', [event.id]);
    expect(await deliveries(made, 'delivered')).toMatchObject([{ event_id: event.id, attempts: 1 }]);
    await second.stop();
  }, 60_000);

  it('is not settled by a replica that was paused until another had taken it over', async () => {
    const made = await create();
    const asked: Parameters<RequestListener>[] = [];
    receiver.answer = (...call) => void asked.push(call);
    const event = changed();
    await record(event);
    await told(receiver, [event.id]);
    const second = await on.startReplica(settings);
    await due(made);
    await until(() => Promise.resolve(receiver.told.length === 2));
    // Each replica has it under way; the first takes nothing more of this webhook before it has settled.
    receiver.answer = answering(204);
    const after = changed();
    const [paused, owner] = asked;
    if (!paused || !owner) throw new Error('two calls');
    answering(204)(...paused);
    await record(after);
    await told(receiver, [after.id]);
    answering(500)(...owner);
    await until(async () => (await deliveries(made, 'waiting'))[0]?.last_answer === '500');
    expect(await deliveries(made, 'waiting')).toMatchObject([{ event_id: event.id, attempts: 1 }]);
    await second.stop();
  }, 60_000);

  it('whose secret does not open is told nothing, and that is told to its administrator', async () => {
    const made = await create();
    expect((await ask('GET', `/${made.id}`)).body['secret_readable']).toBe(true);
    const warned: unknown[] = [];
    const logger = replica.service.app.get(ServiceLogger);
    const warn = logger.warn.bind(logger);
    logger.warn = (name, fields) => {
      if (name === 'webhook.secret_sealed') warned.push(fields);
      else warn(name, fields);
    };
    // As if a process with a newer keyring had made it.
    const spoil = () =>
      on.database.query(`begin; set local session_replication_role = replica;
        update audit.webhook set secret = set_byte(secret, 40, 255 - get_byte(secret, 40)) where id = '${made.uuid}'; commit`);
    await spoil();
    const waited = async () => {
      const metrics = await replica.service.parts.metrics.registry.metrics();
      return Number(/signet_webhook_deliveries_total\{outcome="waiting"[^}]*\} (\d+)/.exec(metrics)?.[1] ?? 0);
    };
    const ids = [await record(), await record()];
    await until(async () => (await waited()) >= 2);
    await due(made);
    await until(async () => (await waited()) >= 4);
    expect(warned).toEqual([{ tenant: on.tenant, webhook: made.uuid }]);
    expect((await ask('GET', `/${made.id}`)).body['secret_readable']).toBe(false);
    expect(receiver.ids).toEqual([]);
    await spoil();
    await due(made);
    await told(receiver, ids);
    logger.warn = warn;
  });

  it.each([
    [{ url: 'http://siem.example/hook' }, '/url'],
    [{ url: 'https://user:secret@siem.example/' }, '/url'],
    [{ url: 'siem.example' }, '/url'],
    [{ url: 'https://siem.example/', types: ['*'] }, '/types/0'],
    [{ url: 'https://siem.example/', secret: 'mine' }, '/secret'],
    [{ types: [] }, '/url'],
  ])('is not made of %j', async (body, pointer) => {
    const answer = await ask('POST', '', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body['errors'])).toContain(`"pointer":"${pointer}"`);
  });

  it('is for who has the permission', async () => {
    const made = await create();
    const reader = tenants.token('default', ['webhooks:read']);
    const at = `${origin}/admin/v1/webhooks`;
    expect((await tenants.ask(reader, 'GET', at)).status).toBe(200);
    expect((await tenants.ask(reader, 'DELETE', `${at}/${made.id}`)).status).toBe(403);
    expect((await tenants.ask(tenants.token('default', ['events:read']), 'GET', at)).status).toBe(403);
  });

  it('tells nobody what they may not read: events:read is needed to say where it goes, or from when on', async () => {
    const made = await create();
    const writer = tenants.token('default', ['webhooks:read', 'webhooks:write']);
    const at = `${origin}/admin/v1/webhooks`;
    const asked: [string, string, unknown][] = [
      ['POST', '', { url: receiver.url }],
      ['PATCH', `/${made.id}`, { url: other.url }],
      ['POST', `/${made.id}/replay`, { from: { position: 0 } }],
    ];
    for (const [method, path, body] of asked) {
      const answer = await tenants.ask(writer, method, `${at}${path}`, body);
      expect([answer.status, answer.body['type']]).toEqual([403, expect.stringContaining('insufficient-permission')]);
    }
    expect((await tenants.ask(writer, 'DELETE', `${at}/${made.id}`)).status).toBe(204);
  });
});
