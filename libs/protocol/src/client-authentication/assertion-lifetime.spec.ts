import { describe, expect, it } from '@jest/globals';
import { NOW } from '../../test/fixtures.js';
import { toSeconds } from '../clock.js';
import { assertionTimeFault } from './assertion-lifetime.js';

const now = toSeconds(NOW);

describe('assertionTimeFault', () => {
  it.each<[string, Parameters<typeof assertionTimeFault>[0], ReturnType<typeof assertionTimeFault>]>([
    ['a minute to go', { exp: now + 60 }, undefined],
    ['ten minutes to go', { exp: now + 600 }, undefined],
    ['more than ten minutes to go', { exp: now + 600.001 }, 'lifetime'],
    ['expired within the tolerance', { exp: now - 59 }, undefined],
    ['expired', { exp: now - 60 }, 'expired'],
    ['nbf a minute ahead', { exp: now + 300, nbf: now + 60 }, undefined],
    ['nbf further ahead', { exp: now + 300, nbf: now + 61 }, 'not_yet_valid'],
    ['iat a minute ahead', { exp: now + 300, iat: now + 60 }, undefined],
    ['iat further ahead', { exp: now + 300, iat: now + 61 }, 'issued_in_future'],
    ['iat long ago', { exp: now + 300, iat: now - 86_400 }, undefined],
  ])('%s', (_what, times, fault) => {
    expect(assertionTimeFault(times, NOW)).toBe(fault);
  });
});
