import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  confirmOutbox,
  directoryUpdated,
  eventId,
  newId,
  signInSucceeded,
  tenantId,
  type Floor,
} from '@signet/contracts';
import { startMesh, type Mesh } from '../src/index.js';
import { authnProbe, directoryProbe, directoryState, tokenProbe, tokenState } from './probe-service.js';

let mesh: Mesh;

beforeAll(async () => {
  mesh = await startMesh({
    services: [authnProbe, tokenProbe, directoryProbe],
    settings: { SIGNET_RATE_LIMITS: 'network=5/60' },
  });
});

afterAll(async () => {
  await mesh.stop();
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to pass');
    // A copy answers without the event loop's turning, which the event needs to arrive.
    await turn();
  }
}

const partsOf = (name: 'authn' | 'directory') => mesh.running.service(name).parts;

describe('the outbox', () => {
  it('is relayed by itself, and let go when audit confirms it', async () => {
    const { database, events } = partsOf('authn');
    const event = events.make(signInSucceeded, {
      tenantId: newId(tenantId),
      context: { actor: 'anonymous' },
      data: { amr: ['pwd'] },
      personal: { username: 'alice' },
    });
    await database.record(event);
    const rows = () =>
      mesh.database.query<{ sent: boolean }>('select sent_at is not null as sent from authn.outbox where id = $1', [
        event.id,
      ]);
    await until(async () => (await rows())[0]?.sent === true);
    const audit = await mesh.requester('audit');
    await expect(audit.request(confirmOutbox.authn, { ids: [event.id] })).resolves.toEqual({ confirmed: 1 });
    expect(await rows()).toEqual([]);
  });
});

describe('copies', () => {
  it('are read anew when an event of the directory tells of a change', async () => {
    const { copies } = partsOf('authn');
    const [, acme] = directoryState.tenants;
    if (!acme) throw new Error('no tenant');
    await copies.tenantById(acme.id);
    acme.name = 'Acme & Sons';
    expect(await copies.tenantById(acme.id)).toMatchObject({ name: 'Acme' });
    const { database, events } = partsOf('directory');
    await database.record(
      events.make(directoryUpdated.tenant, {
        tenantId: acme.id,
        context: { actor: 'service:directory' },
        data: { changed: ['name'] },
      }),
    );
    await until(async () => (await copies.tenantById(acme.id))?.name === 'Acme & Sons');
  });
});

describe('floors', () => {
  it('are raised when token is back, without anybody asking again', async () => {
    const { database, floors } = partsOf('directory');
    const floor: Floor = {
      kind: 'account',
      raiseId: newId(eventId),
      tenantId: newId(tenantId),
      reason: 'disabled',
      accountId: newId(accountId),
    };
    tokenState.away = true;
    await database.run((tx) => floors.add(tx, [floor]));
    await expect(floors.raise([floor.raiseId])).rejects.toMatchObject({ code: 'unavailable' });
    const rows = () => mesh.database.query('select id from directory.unraised_floor');
    expect(await rows()).toHaveLength(1);
    tokenState.away = false;
    await until(async () => (await rows()).length === 0);
    expect(tokenState.raised).toEqual([floor]);
  });
});

describe('rate limits', () => {
  it('are 429 with the seconds to wait', async () => {
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await fetch(`${mesh.origin}/authorize`));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(Number(answers[5]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await mesh.running.service('authn').metrics.metrics()).toContain(
      'signet_rate_limited_total{bucket="network",service="authn"} 1',
    );
  });
});
