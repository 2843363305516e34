import { describe, expect, it } from '@jest/globals';
import { accountId, assembleEvent, eventId, newId, planId, tenantId } from '@signet/contracts';
import { ChangeLog, type EventMaker } from './change-log.js';
import { difference, type Difference, type View } from './difference.js';

const maker: EventMaker = {
  make: (definition, input) =>
    assembleEvent(definition, input, {
      id: newId(eventId),
      time: '2026-01-01T00:00:00.000Z',
      traceparent: undefined,
      seal: () => ({ sealed: new Uint8Array(), digest: '' }),
    }),
};

function changeOf(before: View, after: View, concealed: readonly string[] = []): Difference {
  const change = difference(before, after, concealed);
  if (!change) throw new Error('no difference');
  return change;
}

const tenant = newId(tenantId);
const id = newId(accountId);
const account = { kind: 'account', tenantId: tenant, id } as const;
const newLog = () => new ChangeLog(maker, { actor: 'operator:configuration' });
const eventsOf = (log: ChangeLog) => log.events.map(({ event, version }) => [event.head['type'], version]);

describe('ChangeLog', () => {
  it('tells of a disablement alone by one event, which both floors belong to', () => {
    const log = newLog();
    const change = changeOf({ status: 'active' }, { status: 'disabled' });
    expect(log.updated(account, 4, change, true)).toBe(5);
    expect(eventsOf(log)).toEqual([['signet.directory.account.disabled.v1', 5]]);
    const raiseId = log.events[0]?.event.id;
    expect(log.floors).toMatchObject([
      { kind: 'account', accountId: id, raiseId },
      { kind: 'account_version', accountId: id, version: 5, raiseId },
    ]);
  });

  it('gives each event of an object a version of its own', () => {
    const log = newLog();
    const change = changeOf({ status: 'active', username: 'a' }, { status: 'disabled', username: 'b' }, ['username']);
    expect(log.updated(account, 1, change, true)).toBe(3);
    expect(eventsOf(log)).toEqual([
      ['signet.directory.account.updated.v1', 2],
      ['signet.directory.account.disabled.v1', 3],
    ]);
    expect(log.events[0]?.event.head['data']).toEqual({ changed: ['username'], before: {}, after: {} });
    expect(log.floors.map((floor) => 'version' in floor && floor.version)).toEqual([false, 3]);
  });

  it('asks for the floors of a disabled tenant, and for none where nobody copies', () => {
    const log = newLog();
    log.updated(
      { kind: 'tenant', tenantId: tenant, id: tenant },
      1,
      changeOf({ enabled: true }, { enabled: false }),
      true,
    );
    log.updated({ kind: 'role', tenantId: tenant, id }, 1, changeOf({ name: 'a' }, { name: 'b' }), false);
    expect(log.floors).toMatchObject([
      { kind: 'tenant', tenantId: tenant },
      { kind: 'tenant_version', tenantId: tenant, version: 2 },
    ]);
  });

  it('closes with what each tenant changed', () => {
    const log = newLog();
    log.created(account, { username: 'a', status: 'active' }, ['username']);
    log.created({ kind: 'role', tenantId: newId(tenantId), id }, { name: 'r' });
    log.applied(newId(planId));
    expect(log.changes).toBe(2);
    expect(log.events.slice(2).map(({ event }) => event.head['data'])).toMatchObject([{ changes: 1 }, { changes: 1 }]);
    expect(log.events[0]?.event.head).toMatchObject({
      subject: `account:${id}`,
      data: { changed: ['status', 'username'], after: { status: 'active' } },
    });
  });
});
