import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { assembleEvent, directoryUpdated, eventId, mostLeafBytes, newId, tenantId } from '@signet/contracts';
import type { Database } from '../src/index.js';
import { suite, type Suite } from './suite.js';

let one: Suite;
let database: Database;
beforeAll(async () => {
  one = await suite([]);
  database = await one.open();
});
afterAll(async () => {
  await database.close();
  await one.drop();
});

/** Numbers from 0 to 1, the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pieces = [
  '\u0000',
  '\r\n',
  '\u001b[2J',
  '\ud800',
  '\udc00',
  '\u202e',
  '\u2028',
  '"',
  '\\',
  '\\u0000',
  '字',
  '😀',
  'a',
];

/** Whatever JSON can hold, and what it cannot. */
function anything(random: () => number, depth: number): unknown {
  const most = Math.ceil(random() ** 4 * 6_000);
  const text = () => (pieces[Math.floor(random() * pieces.length)] ?? '').repeat(most);
  const kind = Math.floor(random() * (depth > 3 ? 3 : 5));
  if (kind === 0) return text();
  if (kind === 1) return (random() - 0.5) * 10 ** Math.floor(random() * 600 - 300);
  if (kind === 2) return random() < 0.5 ? null : true;
  const members = Array.from({ length: Math.floor(random() * 12) }, () => anything(random, depth + 1));
  return kind === 3
    ? members
    : Object.fromEntries(members.map((one, place) => [`${place}${text().slice(0, 99)}`, one]));
}

it('a leaf of whatever is recorded is JSON and no larger than a leaf may be', async () => {
  const random = seeded(20_261_126);
  let cut = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    // Postgres writes all the digits.
    const long = turn === 0 ? Array.from({ length: 6_000 }, () => 1e300) : [];
    const view = () => ({ a: anything(random, 0), b: anything(random, 0), c: anything(random, 0), long });
    const event = assembleEvent(
      directoryUpdated.client,
      {
        tenantId: newId(tenantId),
        context: { actor: 'service:directory' },
        data: { changed: ['a', String(anything(random, 9))], before: view(), after: view() },
        reason: String(anything(random, 9)),
      },
      {
        id: newId(eventId),
        time: '2026-11-26T12:00:00.000Z',
        traceparent: undefined,
        seal: () => ({ sealed: new Uint8Array(1), digest: 'd' }),
      },
    );
    await database.record(event);
    const [row] = await database.outbox.next(1);
    const leaf = Buffer.from(row?.leaf ?? []);
    expect(leaf.length).toBeLessThanOrEqual(mostLeafBytes);
    const { data } = JSON.parse(leaf.toString('utf8')) as { data: { cut?: object } };
    if (data.cut) cut += 1;
    await database.outbox.confirm([event.id]);
  }
  expect(cut).toBeGreaterThan(5);
});
