import { describe, expect, it } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import { readEvent } from './received-event.js';

const id = '0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b';
const tenant = '0198c59f-0000-7000-8000-000000000001';
const members = {
  ...{ specversion: '1.0', id, source: '/signet/token', type: 'signet.token.code.issued.v1', tenant },
  ...{ time: '2026-11-26T12:00:00.000Z', aggregate: 'family:1', aggregateversion: 2, actor: 'client:shop', data: {} },
};

function read(leaf: Uint8Array | string) {
  const head = headers();
  head.set('Nats-Msg-Id', id);
  const subject = `signet.events.v1.${tenant}.token.code.issued`;
  return readEvent({ data: Buffer.from(leaf), headers: head, subject, seq: 1 }, '2026-01-01T00:00:00Z');
}
const readWith = (changes: Record<string, unknown>) => read(JSON.stringify({ ...members, ...changes }));
const nested = (levels: number) => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels)) as unknown;

describe('a message as an event', () => {
  it.each<[string, Record<string, unknown>]>([
    ['its members alone', {}],
    ['members that a later version has added', { more: 'x', data: { text: '\0 is its own affair' } }],
    ['text of every script, as long as an index takes', { client: '字'.repeat(666) }],
    ['an offset in its time', { time: '2026-11-26T12:00:00+01:00' }],
    ['a later version of its type', { type: 'signet.token.code.issued.v2' }],
    ["a later release's kind of aggregate", { aggregate: 'passkey:1' }],
    ['an aggregate of its own', { aggregate: `code:${id}`, aggregateversion: 1 }],
    ['data as deep as input may be', { data: nested(32) }],
  ])('is read with %s', (_, changes) => {
    expect(readWith(changes)).toMatchObject({ id, envelope: { ...members, ...changes } });
  });

  const texts = ['aggregate', 'actor', 'onbehalfof', 'subject', 'client', 'session', 'reason', 'traceparent', 'type'];
  it.each<[string, Record<string, unknown>]>([
    ...texts.map((name): [string, Record<string, unknown>] => [`NUL in ${name}`, { [name]: 'a\0b' }]),
    ...texts.map((name): [string, Record<string, unknown>] => [`half a character in ${name}`, { [name]: '\ud800' }]),
    ...texts.map((name): [string, Record<string, unknown>] => [`too much in ${name}`, { [name]: '字'.repeat(667) }]),
    ['an id in capitals', { id: id.toUpperCase() }],
    ['no time', { time: 'yesterday' }],
    ['a time without its offset', { time: '2026-11-26T12:00:00' }],
    ['a day that is none', { time: '2026-02-30T12:00:00Z' }],
    ['a version that no verifier counts to', { aggregateversion: 2 ** 32 }],
    ['a second version of an aggregate of one', { aggregate: `code:${id}` }],
    ['data deeper than a reader may bear', { data: nested(1_000) }],
  ])('is none with %s', (_, changes) => {
    expect(readWith(changes)).toEqual({ unreadable: 'not_an_event' });
  });

  it.each<[string, Record<string, unknown>]>([
    ["another service's type", { type: 'signet.directory.account.disabled.v1' }],
    ['another type of its service', { type: 'signet.token.code.redeemed.v1' }],
    ['a type that only begins like its own', { type: 'signet.token.code.issued.v1.more' }],
    ['a type without a version', { type: 'signet.token.code.issued' }],
    ["another service's name", { source: '/signet/directory' }],
    ["another tenant's", { tenant: '0198c59f-0000-7000-8000-000000000002' }],
  ])('is foreign with %s', (_, changes) => {
    expect(readWith(changes)).toEqual({ unreadable: 'foreign_name' });
  });

  it.each<[string, Record<string, unknown>]>([
    ["another service's aggregate", { aggregate: 'account:1' }],
    ["another service's, with its own id", { aggregate: `account:${id}`, aggregateversion: 1 }],
  ])('is foreign where it happened to %s', (_, changes) => {
    expect(readWith(changes)).toEqual({ unreadable: 'foreign_aggregate' });
  });

  it.each([
    ['a byte order mark', Buffer.from(`\ufeff${JSON.stringify(members)}`)],
    ['bytes that are no UTF-8', Buffer.from(JSON.stringify({ ...members, more: 'é' }), 'latin1')],
  ])('is no JSON with %s', (_, leaf) => {
    expect(read(leaf)).toEqual({ unreadable: 'not_json' });
  });
});
