import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectNats } from '@signet/messaging';
import { AuditedTenants } from './audited-tenants.js';
import { runAudit, until, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let connection: Awaited<ReturnType<typeof connectNats>>;

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  connection = await connectNats({ url: on.natsUrl, service: 'test', name: 'test' });
  await on.startReplica({ SIGNET_AUDIT_CONSUMERS: 'siem=default' });
});
afterAll(async () => {
  await connection.close();
  await tenants.stop();
  await on.stop();
});

const filter = async (): Promise<string | undefined> => {
  const answer = await connection.request('$JS.API.CONSUMER.INFO.SIGNET_EVENTS.consumer-siem');
  return answer.json<{ config?: { filter_subject: string } }>().config?.filter_subject;
};

it('audit makes the consumers that are configured, each for its tenant alone, and makes them again where the stream was lost', async () => {
  const mine = `signet.events.v1.${on.tenant}.>`;
  await until(async () => (await filter()) === mine);
  await on.wipeStream();
  expect(await filter()).toBeUndefined();
  await until(async () => (await filter()) === mine);
});
