import { expect, it } from '@jest/globals';
import type { ReceivedEvent } from '@signet/messaging';
import { changesOf } from './changes.js';

const tenant = '0198c59f-0000-7000-8000-000000000001';
const event = (type: string, more: object = {}): ReceivedEvent =>
  ({
    envelope: { type, tenant, aggregate: 'thing:1', of_a_newer_version: { a: [1] }, ...more },
  }) as unknown as ReceivedEvent;

it('knows what changed by an event of a newer version, whatever else it tells, and lets go of nouns that it does not know', () => {
  const changes = changesOf([
    event('signet.directory.client.updated.v1', { client: 'demo' }),
    event('signet.directory.client.moved.v2', { client: 'shop' }),
    event('signet.directory.of-a-newer-version.created.v1'),
  ]);
  expect(changes.clients.map(({ id }) => id)).toEqual(['demo', 'shop']);
  expect([changes.tenants.size, changes.accounts.length, changes.authorities.size, changes.catalogues.size]).toEqual([
    ...[0, 0, 0, 0],
  ]);
});
