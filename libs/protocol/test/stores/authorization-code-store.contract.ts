import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthorizationCodeStore, Client, CodeRedemption, CodeRedemptionResult } from '../../src/index.js';

/** An implementation, with what a test needs beside the port. */
export interface AuthorizationCodeBench {
  /** As a request at the tenant of the codes uses it. */
  readonly store: AuthorizationCodeStore;
  /** As a request at another tenant does. */
  readonly elsewhere: AuthorizationCodeStore;
  /** Another confidential client of the tenant. */
  readonly stranger: Client;
  /** Keeps a code of a confidential client for refresh tokens, with `resources`, and gives the redemption that spends it. */
  issue(resources?: readonly string[]): Promise<CodeRedemption>;
  /** Lets the code's time pass. */
  expire(codeId: string): Promise<void>;
  /** Raises a floor over the account of the code. */
  revoke(codeId: string): Promise<void>;
}

const outcomeOf = ({ outcome }: CodeRedemptionResult) => outcome;

/** What every AuthorizationCodeStore does (RFC 6749 sections 4.1.2, 4.1.3 and 10.5; RFC 7636 section 4.6; RFC 8707 section 2.2). */
export function describeAuthorizationCodeStore(make: () => Promise<AuthorizationCodeBench>): void {
  describe('an AuthorizationCodeStore', () => {
    let bench: AuthorizationCodeBench;
    let redemption: CodeRedemption;
    beforeEach(async () => {
      bench = await make();
      redemption = await bench.issue();
    });
    const redeem = (changes: Partial<CodeRedemption> = {}) => bench.store.redeem({ ...redemption, ...changes });

    it('gives what was granted, and the first refresh token of a family', async () => {
      const result = await redeem();
      expect(result).toMatchObject({
        outcome: 'redeemed',
        facts: { scopes: ['openid', 'profile'], resources: [], amr: ['pwd'] },
        refreshToken: { generation: 0 },
      });
    });

    it('makes no family for a client that may not refresh', async () => {
      const result = await redeem({ refreshable: false });
      expect(outcomeOf(result)).toBe('redeemed');
      expect(result).not.toHaveProperty('refreshToken');
    });

    it('gives it to one of many that ask at once', async () => {
      const results = await Promise.all(Array.from({ length: 8 }, () => redeem()));
      expect(results.map(outcomeOf).sort()).toEqual([
        ...Array<string>(1).fill('redeemed'),
        ...Array<string>(7).fill('replayed'),
      ]);
    });

    it('knows its client’s replay, whatever verifier came with it', async () => {
      await redeem();
      expect(await redeem()).toEqual({ outcome: 'replayed' });
      expect(await redeem({ codeChallenge: 'another' })).toEqual({ outcome: 'replayed' });
    });

    it('takes no replay of another client for its own', async () => {
      await redeem();
      expect(await redeem({ client: bench.stranger })).toEqual({ outcome: 'mismatch', binding: 'client' });
    });

    it.each<[string, () => Partial<CodeRedemption>, CodeRedemptionResult]>([
      ['another client', () => ({ client: bench.stranger }), { outcome: 'mismatch', binding: 'client' }],
      [
        'another redirect_uri',
        () => ({ redirectUri: 'https://shop.example/' }),
        { outcome: 'mismatch', binding: 'redirect_uri' },
      ],
      ['another verifier', () => ({ codeChallenge: 'another' }), { outcome: 'mismatch', binding: 'code_verifier' }],
      ['no verifier', () => ({ codeChallenge: undefined }), { outcome: 'mismatch', binding: 'code_verifier' }],
      ['another secret', () => ({ secretHash: Buffer.alloc(32).toString('base64url') }), { outcome: 'unknown' }],
      ['another id', () => ({ codeId: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' }), { outcome: 'unknown' }],
    ])('spends nothing for %s', async (_what, changes, result) => {
      expect(await redeem(changes())).toEqual(result);
      expect(outcomeOf(await redeem())).toBe('redeemed');
    });

    it('spends nothing at another tenant', async () => {
      expect(await bench.elsewhere.redeem(redemption)).toEqual({ outcome: 'unknown' });
      expect(outcomeOf(await redeem())).toBe('redeemed');
    });

    it('spends nothing for a resource beyond those that were asked for', async () => {
      redemption = await bench.issue(['https://api.example']);
      expect(await redeem({ resources: ['https://other.example'] })).toEqual({ outcome: 'resource' });
      expect(await redeem({ resources: ['https://api.example'] })).toMatchObject({ outcome: 'redeemed' });
    });

    it('spends nothing for what was asked for and is not all open to the client any more', async () => {
      const [api, files] = ['https://api.example', 'https://files.example'];
      redemption = await bench.issue([api, files]);
      for (const openResources of [[], [api], [files, 'https://other.example']])
        expect(await redeem({ openResources })).toEqual({ outcome: 'resource' });
      expect(outcomeOf(await redeem({ openResources: [api], resources: [api] }))).toBe('redeemed');
    });

    it('spends nothing for a client that may ask for none of the scopes any more', async () => {
      const client = { ...redemption.client, scopes: ['email', 'offline_access'] };
      expect(await redeem({ client })).toEqual({ outcome: 'unregistered' });
      expect(outcomeOf(await redeem({ client: { ...client, scopes: ['email', 'profile'] } }))).toBe('redeemed');
    });

    it('gives nothing after its time', async () => {
      await bench.expire(redemption.codeId);
      expect(await redeem()).toEqual({ outcome: 'expired' });
    });

    it('gives nothing under a floor', async () => {
      await bench.revoke(redemption.codeId);
      expect(await redeem()).toEqual({ outcome: 'dead' });
    });
  });
}
