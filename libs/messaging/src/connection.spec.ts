import { describe, expect, it } from '@jest/globals';
import { connectionSettings, isSupported } from './connection.js';

const settings = (url: string, over = {}) => connectionSettings({ url, service: 'token', name: 'token@host', ...over });

describe('connectionSettings', () => {
  it.each([
    ['nats://127.0.0.1:4333', { servers: ['127.0.0.1:4333'] }],
    ['nats://a:4222, nats://b:4222', { servers: ['a:4222', 'b:4222'] }],
    ['nats://token:p%40ss@[::1]:4222', { servers: ['[::1]:4222'], user: 'token', pass: 'p@ss' }],
    ['tls://nats.example:4222', { servers: ['nats.example:4222'], tls: {} }],
  ])('%s', (url, expected) => {
    expect(settings(url)).toMatchObject(expected);
  });

  it('keeps the service in its own inboxes, and reconnects for ever', () => {
    expect(settings('nats://a')).toMatchObject({ inboxPrefix: '_INBOX_token', maxReconnectAttempts: -1 });
  });

  it('takes no files of TLS for plain text, and no TLS unasked', () => {
    expect(settings('nats://a', { tls: { caFile: 'ca.pem' } })).not.toHaveProperty('tls');
    expect(settings('tls://a', { tls: { caFile: 'ca.pem' } })).toMatchObject({ tls: { caFile: 'ca.pem' } });
  });

  it.each(['http://a:4222', 'a:4222', '', 'nats://a,tls://b', 'ws://a'])('refuses %p', (url) => {
    expect(() => settings(url)).toThrow();
  });
});

describe('isSupported', () => {
  it.each([
    ['2.9.10', false],
    ['2.10.0', true],
    ['2.10.27-beta.1', true],
    ['2.15.1', true],
    ['3.0.0', true],
    ['1.99.0', false],
    ['unknown', false],
    ['', false],
  ])('%s: %p', (version, expected) => {
    expect(isSupported(version)).toBe(expected);
  });
});
