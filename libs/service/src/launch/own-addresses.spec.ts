import { describe, expect, it } from '@jest/globals';
import type { NetworkInterfaceInfo } from 'node:os';
import { ownAddresses } from './own-addresses.js';

const at = (...addresses: string[]) => addresses.map((address) => ({ address }) as NetworkInterfaceInfo);
const interfaces = { lo: at('127.0.0.1', '::1'), eth0: at('172.18.0.5', 'fe80::1'), eth1: at('10.1.2.3', 'fd00::3') };

describe('the addresses that a port is on', () => {
  it.each([
    [
      ['127.0.0.1', 'localhost'],
      ['127.0.0.1', 'localhost'],
    ],
    [['10.1.0.0/16'], ['10.1.2.3']],
    [['fd00::/8'], ['fd00::3']],
    [
      ['127.0.0.1', '10.0.0.0/8', '127.0.0.0/8'],
      ['127.0.0.1', '10.1.2.3'],
    ],
  ])('of %j are %j', (places, own) => {
    expect(ownAddresses(places, interfaces)).toEqual(own);
  });

  it('are not found in a network of others', () => {
    expect(() => ownAddresses(['127.0.0.1', '10.2.0.0/16'], interfaces)).toThrow('no address in 10.2.0.0/16');
  });
});
