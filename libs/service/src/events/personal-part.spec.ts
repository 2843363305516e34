import { expect, it } from '@jest/globals';
import { loadKeyring } from '@signet/keys';
import { openPersonalPart, readPersonalPart } from './personal-part.js';

const key = { id: 'k-event', purpose: 'event', key: Buffer.alloc(32, 6).toString('base64url') };
const keyring = loadKeyring({ keys: [{ ...key, createdAt: '2026-01-01T00:00:00.000Z' }] });

it('opens the personal part of an event of a release: made by 0.1.0', () => {
  const sealed = Buffer.from(
    'AQdrLWV2ZW50EYZg2c5AhwdWCbtQqOr8g_TEPsjOvZ0Zd8zPCt5UFMmqoAKDZtVp8BMEJHbLbyz2VHGB7WyUW5qUEtfoq-3rIQ',
    'base64url',
  );
  const opened = openPersonalPart(keyring, sealed, '0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b');
  expect(opened?.digest).toBe('a1cWGRc5-thPn4mgSL6KoAgdvAKyrI3eSG_-6KqlLAE');
  expect(readPersonalPart(opened?.bytes ?? new Uint8Array())).toEqual({ username: 'alice' });
});
