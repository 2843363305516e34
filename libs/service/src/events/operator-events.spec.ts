import { describe, expect, it } from '@jest/globals';
import { eventId, micros, newId, setupOpened, tenantId, timeOfId } from '@signet/contracts';
import { operatorEvents } from './operator-events.js';

describe("an operator's event", () => {
  it('has an id that says its time, which is the database’s', () => {
    const { make } = operatorEvents({ now: () => micros.parse(1_767_225_600_123_999) });
    const events = Array.from({ length: 20 }, () =>
      make(setupOpened, {
        ...{ tenantId: newId(tenantId), aggregate: newId(eventId) },
        ...{ context: { actor: 'operator:setup' }, data: { lifetime: 60 } },
      }),
    );
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).sort());
    for (const { id, head } of events) expect(timeOfId(id)).toBe(Date.parse(String(head['time'])));
  });
});
