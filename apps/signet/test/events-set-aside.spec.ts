import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventId, newId, tenantId } from '@signet/contracts';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { eventsSetAside } from '../src/commands/events-set-aside.js';
import { services } from '../src/services.js';

let on: SuiteDatabase;
beforeAll(async () => {
  on = await suiteDatabase({ services: Object.fromEntries(services.map(({ name }) => [name, []])) });
}, 60_000);
afterAll(() => on.drop());

async function run(...parameters: string[]): Promise<string[]> {
  const lines: string[] = [];
  const urls = services.map(({ name }) => [`DATABASE_URL_${name.toUpperCase()}`, on.serviceUrl(name)]);
  const environment = { ...(Object.fromEntries(urls) as Record<string, string>), SIGNET_TEST: '1' };
  await eventsSetAside.run(parameters, { environment, out: (line) => lines.push(line) });
  return lines;
}

it('shows what every outbox has set aside, and has it sent again where that is asked for', async () => {
  const database = await on.open('token');
  const id = newId(eventId);
  try {
    const tenant = newId(tenantId);
    const subject = `signet.events.v1.${tenant}.token.code.issued`;
    await database.record({
      id,
      tenantId: tenant,
      subject,
      aggregate: `code:${id}`,
      head: { data: { evil: '\u001b[2J' } },
    });
    const [row] = await database.outbox.next(1);
    await database.outbox.markSent([id]);
    expect(await run()).toEqual([]);
    const digest = createHash('sha256')
      .update(row?.leaf ?? Buffer.of())
      .digest('base64url');
    await database.outbox.setAside([{ id, digest, reason: 'not_an_event' }]);
    expect(await run()).toEqual([expect.stringMatching(`^token  ${id}  not_an_event  code:${id} 1  ${subject}  2`)]);
    expect(await database.outbox.next(1)).toEqual([]);
    const [line = ''] = await run('--json', '--send-again');
    expect(JSON.parse(line)).toMatchObject({ service: 'token', id, reason: 'not_an_event', version: 1 });
    expect(line).not.toContain('\u001b');
    expect(await database.outbox.next(1)).toMatchObject([{ id }]);
  } finally {
    await database.close();
  }
});
