import { beforeEach, describe, expect, it } from '@jest/globals';
import { confirmOutbox, eventId, newId, type EventId, type ServiceName } from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import type { ServiceLogger } from '@signet/service';
import { Confirmations } from './confirmations.js';

const serviceOf = new Map(Object.entries(confirmOutbox).map(([name, { subject }]) => [subject, name as ServiceName]));

describe('confirmations', () => {
  let away: Set<ServiceName>;
  let told: [ServiceName, EventId][];
  let recent: { id: string; service: string }[];
  let confirmations: Confirmations;

  beforeEach(() => {
    [away, told, recent] = [new Set(), [], []];
    const requester = {
      request: ({ subject }: { subject: string }, { ids }: { ids: EventId[] }) => {
        const service = serviceOf.get(subject);
        if (service === undefined || away.has(service)) return Promise.reject(new Error('away'));
        confirmOutbox[service].request.parse({ ids });
        told.push(...ids.map((id): [ServiceName, EventId] => [service, id]));
        return Promise.resolve({ confirmed: ids.length });
      },
    } as unknown as Requester;
    const database = { execute: () => Promise.resolve(recent) } as never;
    const logger = { warn: () => undefined } as unknown as ServiceLogger;
    confirmations = new Confirmations(requester, database, logger);
  });

  const ids = (count: number) => Array.from({ length: count }, () => newId(eventId));

  it('are told once', async () => {
    const [one] = ids(1);
    await confirmations.tell(new Map([['token', [one as EventId]]]));
    await confirmations.settle();
    expect(told).toEqual([['token', one]]);
  });

  it('of a service that was away are told again when it is back, and keep no other waiting', async () => {
    const [one, other] = ids(2) as [EventId, EventId];
    away.add('token');
    await confirmations.tell(
      new Map([
        ['token', [one]],
        ['session', [other]],
      ]),
    );
    await confirmations.settle();
    expect(told).toEqual([['session', other]]);
    away.clear();
    await confirmations.settle();
    await confirmations.settle();
    expect(told).toEqual([
      ['session', other],
      ['token', one],
    ]);
  });

  it('go in requests that the contract allows', async () => {
    away.add('token');
    for (let batch = 0; batch < 5; batch += 1) await confirmations.tell(new Map([['token', ids(500)]]));
    away.clear();
    await confirmations.settle();
    expect(new Set(told.map(([, id]) => id)).size).toBe(2_500);
  });

  it('are taken over from the writer before, but for what no service of ours can be told', async () => {
    const [one] = ids(1) as [EventId];
    recent.push({ id: one, service: 'directory' }, { id: 'x', service: 'token' }, { id: one, service: 'payroll' });
    await confirmations.takeOver();
    await confirmations.settle();
    expect(told).toEqual([['directory', one]]);
  });
});
