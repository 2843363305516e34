import { beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Client,
  DeviceAuthorization,
  DeviceAuthorizationStore,
  DeviceCodeStore,
  DevicePoll,
  DevicePollResult,
} from '../../src/index.js';

/** An implementation of both ports of a device, with what a test needs beside them. */
export interface DeviceCodeBench {
  /** As a request at the tenant of the devices uses it. */
  readonly store: DeviceAuthorizationStore & DeviceCodeStore;
  /** As a request at another tenant does. */
  readonly elsewhere: DeviceCodeStore;
  /** A confidential client for device codes and refresh tokens, and another one of the tenant. */
  readonly client: Client;
  readonly stranger: Client;
  /** A device's own id, user code and secret, for openid and a resource if one is named; nothing is kept yet. */
  authorization(resources?: readonly string[]): DeviceAuthorization;
  /** A person's yes to all that was asked for, and a person's no. */
  approve(authorization: DeviceAuthorization): Promise<void>;
  deny(authorization: DeviceAuthorization): Promise<void>;
  /** Lets the device code's time pass, or the interval between polls. */
  expire(deviceCodeId: string): Promise<void>;
  later(deviceCodeId: string): Promise<void>;
  /** Raises a floor over the account that approved. */
  revoke(deviceCodeId: string): Promise<void>;
  /** Whether what the code gave is revoked. */
  isEnded(deviceCodeId: string): Promise<boolean>;
  /** Makes it so that the code was spent after the polls that begin now. */
  spendLater(deviceCodeId: string): Promise<void>;
}

const outcomeOf = ({ outcome }: DevicePollResult) => outcome;

/** What every DeviceAuthorizationStore and DeviceCodeStore do (RFC 8628 sections 3.2, 3.4 and 3.5; RFC 8707 section 2.2). */
export function describeDeviceCodeStore(make: () => Promise<DeviceCodeBench>): void {
  describe('a DeviceCodeStore', () => {
    let bench: DeviceCodeBench;
    let device: DeviceAuthorization;
    beforeEach(async () => {
      bench = await make();
      device = bench.authorization();
      expect(await bench.store.begin(device)).toEqual({ outcome: 'begun' });
    });
    const pollOf = (changes: Partial<DevicePoll> = {}): DevicePoll => ({
      client: bench.client,
      deviceCodeId: device.deviceCodeId,
      secretHash: device.secretHash,
      resources: [],
      openResources: [],
      tokenId: 'jti',
      refreshable: true,
      ...changes,
    });
    const poll = (changes: Partial<DevicePoll> = {}) => bench.store.poll(pollOf(changes));

    it('keeps one device for a user code', async () => {
      const { userCodeHash } = device;
      expect(await bench.store.begin({ ...bench.authorization(), userCodeHash })).toEqual({ outcome: 'taken' });
      await bench.expire(device.deviceCodeId);
      expect(await bench.store.begin({ ...bench.authorization(), userCodeHash })).toEqual({ outcome: 'begun' });
    });

    it('lets it wait, and slows it down where it does not', async () => {
      expect(await poll()).toEqual({ outcome: 'pending' });
      expect(await poll()).toEqual({ outcome: 'slow_down' });
      await bench.later(device.deviceCodeId);
      expect(await poll()).toEqual({ outcome: 'pending' });
    });

    it('gives what a person approved, and the first refresh token of a family, however soon it is asked', async () => {
      await poll();
      await bench.approve(device);
      expect(await poll()).toMatchObject({
        outcome: 'redeemed',
        facts: { scopes: ['openid'], resources: [], amr: ['pwd'] },
        refreshToken: { generation: 0 },
      });
    });

    it('makes no family for a client that may not refresh', async () => {
      await bench.approve(device);
      const result = await poll({ refreshable: false });
      expect(outcomeOf(result)).toBe('redeemed');
      expect(result).not.toHaveProperty('refreshToken');
    });

    it('gives it to one of many that ask at once', async () => {
      await bench.approve(device);
      const results = await Promise.all(Array.from({ length: 8 }, () => poll()));
      expect(results.map(outcomeOf).filter((outcome) => outcome === 'redeemed')).toHaveLength(1);
    });

    it('ends nothing for a poll that was under way while another one redeemed', async () => {
      await bench.approve(device);
      expect(outcomeOf(await poll())).toBe('redeemed');
      await bench.spendLater(device.deviceCodeId);
      expect(await poll()).toEqual({ outcome: 'spent' });
      expect(await bench.isEnded(device.deviceCodeId)).toBe(false);
    });

    it('ends what it gave when its client brings it again', async () => {
      await bench.approve(device);
      expect(outcomeOf(await poll())).toBe('redeemed');
      expect(await poll()).toEqual({ outcome: 'replayed' });
      expect(await bench.isEnded(device.deviceCodeId)).toBe(true);
      expect(await poll()).toEqual({ outcome: 'replayed' });
    });

    it.each<[string, () => Partial<DevicePoll>]>([
      ['another client', () => ({ client: bench.stranger })],
      ['another secret', () => ({ secretHash: Buffer.alloc(32).toString('base64url') })],
      ['another id', () => ({ deviceCodeId: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' })],
    ])('knows nothing of it with %s: spends nothing, and ends nothing', async (_what, changes) => {
      await bench.approve(device);
      expect(await poll(changes())).toEqual({ outcome: 'unknown' });
      expect(outcomeOf(await poll())).toBe('redeemed');
      expect(await poll(changes())).toEqual({ outcome: 'unknown' });
      expect(await bench.isEnded(device.deviceCodeId)).toBe(false);
    });

    it('knows nothing of it at another tenant', async () => {
      await bench.approve(device);
      expect(await bench.elsewhere.poll(pollOf())).toEqual({ outcome: 'unknown' });
      expect(outcomeOf(await poll())).toBe('redeemed');
    });

    it('spends nothing for a resource beyond those that were asked for', async () => {
      device = bench.authorization(['https://api.example']);
      await bench.store.begin(device);
      await bench.approve(device);
      expect(await poll({ resources: ['https://other.example'] })).toEqual({ outcome: 'resource' });
      expect(outcomeOf(await poll({ resources: ['https://api.example'] }))).toBe('redeemed');
    });

    it('spends nothing for what was asked for and is not all open to the client any more', async () => {
      const [api, files] = ['https://api.example', 'https://files.example'];
      device = bench.authorization([api, files]);
      await bench.store.begin(device);
      await bench.approve(device);
      expect(await poll({ openResources: [api] })).toEqual({ outcome: 'resource' });
      expect(outcomeOf(await poll({ openResources: [files, api] }))).toBe('redeemed');
    });

    it('spends nothing for a client that may ask for none of the scopes any more', async () => {
      await bench.approve(device);
      expect(await poll({ client: { ...bench.client, scopes: ['profile'] } })).toEqual({ outcome: 'unregistered' });
      expect(outcomeOf(await poll())).toBe('redeemed');
    });

    it('tells that a person said no', async () => {
      await bench.deny(device);
      expect(await poll()).toEqual({ outcome: 'denied' });
    });

    it('gives nothing after its time', async () => {
      await bench.approve(device);
      await bench.expire(device.deviceCodeId);
      expect(await poll()).toEqual({ outcome: 'expired' });
    });

    it('gives nothing under a floor', async () => {
      await bench.approve(device);
      await bench.revoke(device.deviceCodeId);
      expect(await poll()).toEqual({ outcome: 'dead' });
    });
  });
}
