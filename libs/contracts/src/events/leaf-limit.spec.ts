import { describe, expect, it } from '@jest/globals';
import { newId, eventId, tenantId } from '../ids.js';
import { directoryUpdated } from '../directory/events.js';
import { tokenIssued } from '../token/events.js';
import { assembleEvent } from './definition.js';
import { jsonbBytes, mostLeafBytes } from './leaf-limit.js';

const making = {
  ...{ id: newId(eventId), time: '2026-11-26T12:00:00.000Z', traceparent: undefined },
  seal: () => ({ sealed: new Uint8Array(1), digest: 'd' }),
};
const about = { tenantId: newId(tenantId), context: { actor: 'anonymous' } };
const updated = (before: Record<string, unknown>, after: Record<string, unknown>) =>
  assembleEvent(directoryUpdated.client, { ...about, data: { changed: ['a'], before, after } }, making).head;

const fits = (head: object) => jsonbBytes(head) <= mostLeafBytes - 4_000;

describe('the limit of a leaf', () => {
  it('leaves alone what has room', () => {
    const data = { changed: ['a'], before: {}, after: { a: 'x'.repeat(40_000), b: [1, 2], c: null } };
    expect(updated(data.before, data.after)['data']).toEqual(data);
  });

  it('takes the largest member first, and says so', () => {
    const head = updated({ name: 'Old' }, { name: 'New', small: 'y'.repeat(30_000), large: 'x'.repeat(40_000) });
    expect(head['data']).toEqual({
      ...{ changed: ['a'], before: { name: 'Old' } },
      ...{ after: { name: 'New', small: 'y'.repeat(30_000) }, cut: { 'after.large': 40_002 } },
    });
  });

  it('takes a whole object of members too small to name', () => {
    const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, place) => [`m${place}`, place]));
    const { data } = updated({ name: 'Old' }, many) as { data: { after: object; before: object; cut: object } };
    expect([data.after, data.before, Object.keys(data.cut)]).toEqual([{}, { name: 'Old' }, ['after']]);
  });

  it('counts the digits that Postgres writes', () => {
    const head = updated({}, { numbers: Array.from({ length: 9_000 }, () => 1e300) });
    expect([fits(head), head['data']]).toMatchObject([
      true,
      { cut: { 'after.numbers': expect.any(Number) as unknown } },
    ]);
  });

  it('keeps the beginning of a list, which stays what its type says', () => {
    const scopes = Array.from({ length: 2_000 }, (_, place) => `scope-${place}-${'x'.repeat(100)}`);
    const { head } = assembleEvent(tokenIssued, { ...about, data: { jti: 'j', scopes, audience: [] } }, making);
    const { data } = head as { data: { scopes: string[]; cut: object } };
    expect(data.scopes).toEqual(scopes.slice(0, data.scopes.length));
    expect([data.scopes.length > 30, Object.keys(data.cut), fits(head)]).toEqual([true, ['scopes'], true]);
  });

  it.each(['a\u0000b', 'a\ud800b'])('has U+FFFD for %j, in names too', (text) => {
    const head = updated({ [text]: { deep: [text] } }, {});
    expect(head['data']).toMatchObject({ before: { 'a\uFFFDb': { deep: ['a\uFFFDb'] } } });
    expect(updated({ kept: '\\u0000' }, {})['data']).toMatchObject({ before: { kept: '\\u0000' } });
  });

  it('cuts a reason', () => {
    const { head } = assembleEvent(
      tokenIssued,
      { ...about, reason: 'r'.repeat(70_000), data: { jti: 'j', scopes: [], audience: [] } },
      making,
    );
    expect(head['reason']).toBe('r'.repeat(255));
  });
});
