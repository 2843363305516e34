import { describe, expect, it } from '@jest/globals';
import { endpointsOf } from './endpoints.js';

describe('endpointsOf', () => {
  it.each([
    ['default', 'https://id.example', 'https://id.example/token'],
    ['globex', 'https://id.example/t/globex', 'https://id.example/token/t/globex'],
    ['globex', 'http://localhost:3000/t/globex', 'http://localhost:3000/token/t/globex'],
    ['globex', 'https://id.globex.example', 'https://id.globex.example/token/t/globex'],
  ])('of %s at %s has %s', (slug, issuer, token) => {
    expect(endpointsOf({ slug, issuer }).token).toBe(token);
  });
});
