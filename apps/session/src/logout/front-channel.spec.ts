import { describe, expect, it } from '@jest/globals';
import { newId, sessionId, sidOf } from '@signet/contracts';
import type { Client } from '@signet/protocol';
import { logoutFramesOf } from './front-channel.js';

const id = newId(sessionId);
const tenant = { issuer: 'https://id.example/t/globex' };
const client = (clientId: string, frontchannelLogoutUri?: string, registration: Client['registration'] = 'operator') =>
  ({
    clientId,
    name: `The ${clientId}`,
    registration,
    ...(frontchannelLogoutUri && { frontchannelLogoutUri }),
  }) as Client;
const query = (clientId: string) => `iss=https%3A%2F%2Fid.example%2Ft%2Fglobex&sid=${sidOf(id, clientId)}`;

describe('logoutFramesOf', () => {
  it('tells each client that has a place for it, by iss and its own sid, and keeps the query that the place has', () => {
    const clients = [
      client('shop', 'https://shop.example/out?x=%20y'),
      client('bare'),
      client('spa', 'https://a.example/'),
    ];
    expect(logoutFramesOf(clients, tenant, id)).toEqual([
      { name: 'The shop', src: `https://shop.example/out?x=%20y&${query('shop')}` },
      { name: 'The spa', src: `https://a.example/?${query('spa')}` },
    ]);
  });

  it('is twenty at most, those that nobody vouches for last', () => {
    const strangers = Array.from({ length: 30 }, (_, at) => client(`s${at}`, 'https://evil.example/', 'open'));
    const frames = logoutFramesOf([...strangers, client('shop', 'https://shop.example/')], tenant, id);
    expect([frames.length, frames[0]?.name, frames[1]?.name]).toEqual([20, 'The shop', 'The s0']);
  });

  it('names no more origins than a header holds', () => {
    const long = Array.from({ length: 15 }, (_, at) => client(`l${at}`, `https://${'x'.repeat(200)}.example/`, 'open'));
    const frames = logoutFramesOf([...long, client('shop', 'https://shop.example/')], tenant, id);
    const header = frames.map(({ src }) => new URL(src).origin).join(' ');
    expect([header.length < 2_048, frames[0]?.name, frames.length]).toEqual([true, 'The shop', 10]);
  });
});
