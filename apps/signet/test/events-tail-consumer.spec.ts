import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, newId, serviceNames, tenantId, type TenantId } from '@signet/contracts';
import { connectNats, ensureStream, ensureTenantConsumer, natsServerConfig } from '@signet/messaging';
import { throwawayNats, type ThrowawayServer } from '@signet/testing';
import { eventsTail } from '../src/commands/events-tail.js';
import { tailConsumer } from '../src/commands/events-tail-consumer.js';

type Connection = Awaited<ReturnType<typeof connectNats>>;

const tenant = newId(tenantId);
let nats: ThrowawayServer;
let token: Connection;
let audit: Connection;
let environment: Record<string, string>;

beforeAll(async () => {
  const services = Object.fromEntries([...serviceNames, 'operator'].map((name) => [name, { password: `of ${name}` }]));
  nats = await throwawayNats({ config: natsServerConfig({ services, consumers: { siem: { password: 'of siem' } } }) });
  const as = (service: string) => {
    const url = Object.assign(new URL(nats.url), { username: service, password: `of ${service}` });
    return connectNats({ url: url.href, service, name: service });
  };
  [token, audit] = [await as('token'), await as('audit')];
  await ensureStream(token);
  environment = { NATS_URL: nats.url, NATS_PASSWORD_SIEM: 'of siem' };
});
afterAll(async () => {
  await Promise.all([token.close(), audit.close()]);
  await nats.stop();
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function publish(type: string, of: TenantId = tenant, leaf?: string): string {
  const id = newId(eventId);
  const [, service = '', noun = '', verb = ''] = type.split('.');
  const event = {
    ...{ specversion: '1.0', id, source: '/signet/token', type, time: '2026-11-26T12:00:00.000Z' },
    ...{ datacontenttype: 'application/json', tenant: of, aggregate: `x:${id}`, aggregateversion: 1 },
    ...{ actor: 'anonymous', data: {} },
  };
  token.publish(`signet.events.v1.${of}.${service}.${noun}.${verb}`, leaf ?? JSON.stringify(event));
  return id;
}

const rotated = 'signet.token.family.rotated.v1';
const revoked = 'signet.token.revocation.raised.v1';

describe('events tail --consumer', () => {
  let ended: AbortController;
  let lines: string[];
  let tailing: Promise<void>;
  const context = () => ({ environment, out: (line: string) => void lines.push(line) });
  const tail = (type?: string, json = false) => {
    ended = new AbortController();
    lines = [];
    tailing = tailConsumer(context(), { consumer: 'siem', type, json }, ended.signal);
  };
  const end = async () => {
    ended.abort();
    await tailing;
  };

  beforeEach(async () => {
    // Anew, from the beginning of the stream.
    await audit.request('$JS.API.CONSUMER.DELETE.SIGNET_EVENTS.consumer-siem');
    await ensureTenantConsumer(audit, 'siem', tenant);
  });
  afterEach(() => {
    ended.abort();
  });

  it("shows its tenant's events alone, and the next time what came since", async () => {
    tail();
    publish(rotated, newId(tenantId));
    const [first, second] = [publish(rotated), publish(revoked)];
    await until(() => lines.some((line) => line.includes(second)));
    expect(lines.slice(-2)).toEqual([
      `2026-11-26T12:00:00.000Z  ${rotated}  x:${first}  by anonymous`,
      `2026-11-26T12:00:00.000Z  ${revoked}  x:${second}  by anonymous`,
    ]);
    await end();
    tail();
    const third = publish(rotated);
    await until(() => lines.length > 0);
    expect(lines).toEqual([expect.stringContaining(third)]);
    await end();
  }, 30_000);

  it('shows one type as JSON, and acknowledges the others as well', async () => {
    publish(rotated);
    const wanted = publish(revoked);
    tail('signet.token.revocation.*', true);
    await until(() => lines.some((line) => line.includes(wanted)));
    expect(new Set(lines.map((line) => (JSON.parse(line) as { type: string }).type))).toEqual(new Set([revoked]));
    await end();
    const info = await audit.request('$JS.API.CONSUMER.INFO.SIGNET_EVENTS.consumer-siem');
    expect(info.json()).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
  }, 30_000);

  it('shows harmlessly what is no event, and goes on', async () => {
    tail();
    publish(rotated, tenant, 'no event\u001b[2J');
    const id = publish(rotated);
    await until(() => lines.some((line) => line.includes(id)));
    expect(lines.at(-2)).toBe('no event\\u001b[2J');
    await end();
  }, 30_000);

  it('is refused where the password is not the consumer’s', async () => {
    tail();
    await end();
    const wrong = { ...context(), environment: { ...environment, NATS_PASSWORD_SIEM: 'another' } };
    await expect(
      tailConsumer(wrong, { consumer: 'siem', type: undefined, json: false }, new AbortController().signal),
    ).rejects.toThrow('consumer-siem');
  }, 30_000);

  it.each([
    [['--consumer', 'siem', '--since', '2026-01-01T00:00:00Z'], /goes on where it was/],
    [['--consumer', 'siem', '--tenant', 'acme'], /has its tenant/],
    [['--consumer', 'si.em'], /no name of a consumer/],
    [['--consumer', 'lake'], /NATS_PASSWORD_LAKE/],
    [['--type', 'token.*'], /no type of event/],
  ])('%j is refused', async (parameters, why) => {
    await expect(eventsTail.run(parameters, context())).rejects.toThrow(why);
  });
});
