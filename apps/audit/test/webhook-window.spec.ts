import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accountId, newId, passwordChanged, type RecordedEvent } from '@signet/contracts';
import { AuditedTenants, type Answer } from './audited-tenants.js';
import { runAudit, until, type RunningAudit } from './running-audit.js';
import { answering, WebhookReceiver } from './webhook-receiver.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let bearer: string;
let origin: string;
let receiver: WebhookReceiver;
let other: WebhookReceiver;

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  [receiver, other] = await Promise.all([WebhookReceiver.open(), WebhookReceiver.open()]);
  const replica = await on.startReplica({ SIGNET_OUTBOUND_ALLOW: `${receiver.origin},${other.origin}` });
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
  readonly uuid: string;
}

const ask = (method: string, path = '', body?: unknown): Promise<Answer> =>
  tenants.ask(bearer, method, `${origin}/admin/v1/webhooks${path}`, body);

async function create(at = receiver): Promise<Made> {
  const { status, body } = await ask('POST', '', { url: at.url, types: ['signet.authn.password.*'] });
  expect(status).toBe(201);
  const [, hex = ''] = String(body['id']).split('_');
  return { id: String(body['id']), uuid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
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

const changed = (): RecordedEvent => {
  const account = newId(accountId);
  return on.producer.parts.events.make(passwordChanged, {
    ...{ tenantId: on.tenant, aggregate: account, account, context: { actor: 'operator:configuration' } },
    data: { by: 'configuration' },
  });
};
async function record(event = changed()): Promise<string> {
  await on.record(event, 1);
  return event.id;
}
const told = (at: WebhookReceiver, ids: readonly string[]) =>
  until(() => Promise.resolve(ids.every((id) => at.ids.includes(id))));

describe('a webhook with deliveries that wait for an attempt in hours', () => {
  /** As if events had been tried so often: `aggregate` by their number. */
  const waiting = async (webhook: Made, count: number, attempts: string, aggregate: string) => {
    await on.database.query(
      `insert into audit.webhook_delivery (tenant_id, webhook_id, index, event_id, type, aggregate, attempts, next_attempt_at)
       select tenant_id, id, 1000000 + n, gen_random_uuid(), 'signet.authn.password.changed.v1', ${aggregate}, ${attempts},
         case when ${attempts} > 0 then now() + interval '5 hours' else now() end
       from audit.webhook, generate_series(1, $2::integer) n where id = $1`,
      [webhook.uuid, count],
    );
  };

  it.each([
    ['of as many aggregates', '4', `'x:' || n`],
    ['and others behind them', 'case n when 1 then 4 else 0 end', `'x:1'`],
  ])('goes on with others, %s', async (_, attempts, aggregate) => {
    await waiting(await create(), 300, attempts, aggregate);
    await told(receiver, [await record()]);
  });

  it.each([
    ['256 that failed lately', 256, '1'],
    ['10,000 in all', 10_000, '4'],
  ])('has no more of them under way than %s', async (_, count, attempts) => {
    const [full] = [await create(other), await create(receiver)];
    await waiting(full, count, attempts, `'x:' || n`);
    const id = await record();
    await told(receiver, [id]);
    // In the look that takes this one, both have been seen to for the first.
    await told(receiver, [await record()]);
    expect([(await ask('GET', `/${full.id}`)).body['waiting'], ...other.ids]).toEqual([count]);
    await on.database.query('delete from audit.webhook_delivery where webhook_id = $1 and index = 1000001', [
      full.uuid,
    ]);
    await told(other, [id]);
  });

  it('lets a few others in while its receiver fails, and all when that has taken one', async () => {
    const [full] = [await create(other), await create(receiver)];
    other.answer = answering(500);
    await waiting(full, 300, '4', `'x:' || n`);
    await on.database.query('update audit.webhook set failing_since = now() where id = $1', [full.uuid]);
    const events = Array.from({ length: 20 }, () => changed());
    await on.recordAll(events);
    const ids = events.map(({ id }) => id);
    await told(receiver, ids);
    await told(receiver, [await record()]);
    expect((await ask('GET', `/${full.id}`)).body['waiting']).toBe(304);
    const probes = 'webhook_id = $1 and attempts between 1 and 3';
    await until(async () => {
      const tried = await on.database.query(`select from audit.webhook_delivery where ${probes}`, [full.uuid]);
      return tried.length === 4;
    });
    other.takeAll();
    await on.database.query(`update audit.webhook_delivery set next_attempt_at = now() where ${probes}`, [full.uuid]);
    await told(other, ids);
  });
});
