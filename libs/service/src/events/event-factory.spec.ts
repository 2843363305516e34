import { describe, expect, it } from '@jest/globals';
import { micros, newId, signInFailed, tenantId, timeOfId } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { EventFactory } from './event-factory.js';

describe('the id of an event', () => {
  it('says the same time as the event, and rises within a millisecond', () => {
    const clock = { now: () => micros.parse(now) };
    const factory = new EventFactory(loadKeyring(newKeyring()), clock);
    const make = () =>
      factory.make(signInFailed, {
        ...{ tenantId: newId(tenantId), context: { actor: 'anonymous' }, data: {}, personal: { username: 'alice' } },
      });
    let now = 1_767_225_600_123_999;
    const events = Array.from({ length: 50 }, make);
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).sort());
    expect(new Set(events.map(({ id }) => id)).size).toBe(50);
    now += 1;
    for (const { id, head } of [...events, make()]) expect(timeOfId(id)).toBe(Date.parse(String(head['time'])));
  });
});
