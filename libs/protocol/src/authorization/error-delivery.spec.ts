import { describe, expect, it } from '@jest/globals';
import type { Client } from '../client.js';
import { errorDelivery } from './error-delivery.js';

const arrived = { silent: false, answered: false };

describe('errorDelivery', () => {
  it.each<[string, Pick<Client, 'registration'>, 'at_once' | 'by_person']>([
    ['declared by the operator', { registration: 'operator' }, 'at_once'],
    ['registered with an initial access token', { registration: 'protected' }, 'at_once'],
    ['registered by anybody', { registration: 'open' }, 'by_person'],
    ['of which nobody knows how it came to be', {}, 'by_person'],
  ])('of a client %s, as the request comes in', (_what, client, delivery) => {
    expect(errorDelivery(client, arrived)).toBe(delivery);
    expect(errorDelivery(client, { ...arrived, silent: true })).toBe('at_once');
    expect(errorDelivery(client, { ...arrived, answered: true })).toBe('at_once');
  });
});
