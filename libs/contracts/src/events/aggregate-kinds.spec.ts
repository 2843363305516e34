import { describe, expect, it } from '@jest/globals';
import type { ServiceName } from '../services.js';
import { mayHappenTo } from './aggregate-kinds.js';
import { catalogueOfEvents } from './catalogue.js';

const id = '0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b';

describe('an aggregate', () => {
  it.each(catalogueOfEvents.map(({ type, service, noun }) => [type, service, noun] as const))(
    'of one event may be of the kind that the event names: %s',
    (_, service, noun) => {
      expect(mayHappenTo(service, { aggregate: `${noun}:${id}`, id })).toBe(true);
    },
  );

  it.each<[string, ServiceName, string, boolean]>([
    ['its own service’s', 'directory', 'account:1', true],
    ['another service’s', 'authn', 'account:1', false],
    ['another service’s, by an event that has its id', 'authn', `account:${id}`, false],
    ['its own service’s, of a kind that others name', 'directory', 'client:shop', true],
    ['another service’s, of a kind that it names itself', 'token', 'client:shop', false],
    ['another service’s, that ends like one of its own', 'token', `client:shop:${id}`, false],
    ['of a kind that every service names, and none has', 'authn', 'state:1', false],
    ['of a kind that is no noun', 'session', 'participation:1/shop', true],
    ['of another’s kind that is no noun', 'token', 'participation:1/shop', false],
    ['of a newer version’s kind', 'token', 'passkey:1', true],
    ['of no kind', 'token', 'account', false],
  ])('has events of the service whose it is: %s', (_, service, aggregate, may) => {
    expect(mayHappenTo(service, { aggregate, id })).toBe(may);
  });
});
