import { describe, expect, it } from '@jest/globals';
import { networkPlace } from './network-key.js';

describe('networkPlace', () => {
  it.each([
    ['192.0.2.77', '192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.77', '192.0.2.0/24'],
    ['2001:DB8:1:2::5', '2001:db8:1:2::5', '2001:db8:1::/48'],
    ['2001:0db8:0001:ffff:0:0:0:1', '2001:db8:1:ffff::1', '2001:db8:1::/48'],
  ])('%s', (ip, address, prefix) => {
    expect(networkPlace(ip)).toEqual({ address, prefix });
  });

  it.each(['', 'localhost', '192.0.2', '192.0.2.1/24', '2001:db8::g'])('%j is no address', (ip) => {
    expect(networkPlace(ip)).toBeUndefined();
  });
});
