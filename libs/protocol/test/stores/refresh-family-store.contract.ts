import { beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Client,
  FamilyRotation,
  FamilyRotationResult,
  RefreshFamilyStore,
  RefreshToken,
} from '../../src/index.js';

/** An implementation, with what a test needs beside the port. */
export interface RefreshFamilyBench {
  /** As a request at the tenant of the families uses it. */
  readonly store: RefreshFamilyStore;
  /** As a request at another tenant does. */
  readonly elsewhere: RefreshFamilyStore;
  /** Another confidential client of the tenant. */
  readonly stranger: Client;
  /** Begins a family with the scopes openid and profile, and `resources`; gives the rotation of its first token. */
  begin(resources?: readonly string[]): Promise<FamilyRotation>;
  /** Lets the family's time pass. */
  expire(family: string): Promise<void>;
  /** Raises a floor over the account of the family. */
  revoke(family: string): Promise<void>;
}

const outcomeOf = ({ outcome }: FamilyRotationResult) => outcome;

function tokenOf(result: FamilyRotationResult): RefreshToken {
  if (result.outcome !== 'rotated' && result.outcome !== 'repeated') throw new Error(`no token: ${result.outcome}`);
  return result.refreshToken;
}

/** What every RefreshFamilyStore does (RFC 6749 section 6; RFC 9700 section 4.14.2). */
export function describeRefreshFamilyStore(make: () => Promise<RefreshFamilyBench>): void {
  describe('a RefreshFamilyStore', () => {
    let bench: RefreshFamilyBench;
    let rotation: FamilyRotation;
    beforeEach(async () => {
      bench = await make();
      rotation = await bench.begin();
    });
    const rotate = (changes: Partial<FamilyRotation> = {}) => bench.store.rotate({ ...rotation, ...changes });

    it('gives the next generation, and what the family was granted', async () => {
      const result = await rotate();
      expect(result).toMatchObject({
        outcome: 'rotated',
        facts: { scopes: ['openid', 'profile'], resources: [] },
        refreshToken: { ...rotation.presented, generation: rotation.presented.generation + 1 },
      });
    });

    it('narrows one answer, not the family', async () => {
      const result = await rotate({ scopes: ['openid'] });
      expect(result).toMatchObject({ outcome: 'rotated', facts: { scopes: ['openid', 'profile'] } });
    });

    it('answers all of many that ask at once by one successor', async () => {
      const results = await Promise.all(Array.from({ length: 8 }, () => rotate()));
      expect(results.map(outcomeOf).sort()).toEqual([...Array<string>(7).fill('repeated'), 'rotated']);
      expect(new Set(results.map((result) => tokenOf(result).generation))).toEqual(
        new Set([rotation.presented.generation + 1]),
      );
    });

    it('ends the family when a token comes whose successor was used', async () => {
      const second = tokenOf(await rotate());
      const third = tokenOf(await rotate({ presented: second }));
      expect(await rotate()).toEqual({ outcome: 'reused' });
      for (const presented of [rotation.presented, second, third])
        expect(await rotate({ presented })).toEqual({ outcome: 'ended' });
    });

    it.each<[string, Partial<FamilyRotation>]>([
      ['a scope', { scopes: ['openid', 'email'] }],
      ['a resource', { resources: ['https://other.example'] }],
    ])('ends the family then even if it asks for %s that the family never had', async (_what, wide) => {
      rotation = await bench.begin(['https://api.example']);
      const second = tokenOf(await rotate());
      const third = tokenOf(await rotate({ presented: second }));
      expect(await rotate(wide)).toEqual({ outcome: 'reused' });
      expect(await rotate({ presented: third })).toEqual({ outcome: 'ended' });
    });

    it('holds a token within the grace to the family, and ends nothing', async () => {
      const second = tokenOf(await rotate());
      expect(await rotate({ scopes: ['openid', 'email'] })).toEqual({ outcome: 'scope' });
      expect(outcomeOf(await rotate({ presented: second }))).toBe('rotated');
    });

    it('ends it once, though many reuse it at once', async () => {
      await rotate({ presented: tokenOf(await rotate()) });
      const results = await Promise.all(Array.from({ length: 8 }, () => rotate()));
      expect(results.map(outcomeOf).sort()).toEqual([...Array<string>(7).fill('ended'), 'reused']);
    });

    it.each<[string, () => Partial<FamilyRotation>, FamilyRotationResult]>([
      ['another client', () => ({ client: bench.stranger }), { outcome: 'unknown' }],
      [
        'another family',
        () => ({ presented: { ...rotation.presented, family: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' } }),
        { outcome: 'unknown' },
      ],
      [
        'another epoch',
        () => ({ presented: { ...rotation.presented, epoch: rotation.presented.epoch + 1 } }),
        { outcome: 'unknown' },
      ],
      ['a scope beyond the family’s', () => ({ scopes: ['openid', 'email'] }), { outcome: 'scope' }],
    ])('moves nothing for %s', async (_what, changes, result) => {
      expect(await rotate(changes())).toEqual(result);
      expect(outcomeOf(await rotate())).toBe('rotated');
    });

    it('moves nothing at another tenant', async () => {
      expect(await bench.elsewhere.rotate(rotation)).toEqual({ outcome: 'unknown' });
      expect(outcomeOf(await rotate())).toBe('rotated');
    });

    it('moves nothing for a client that may ask for none of the scopes any more', async () => {
      const client = (...scopes: string[]) => ({ client: { ...rotation.client, scopes } });
      expect(await rotate(client('email'))).toEqual({ outcome: 'unregistered' });
      expect(await rotate({ ...client('openid'), scopes: ['profile'] })).toEqual({ outcome: 'scope' });
      expect(outcomeOf(await rotate({ ...client('openid'), scopes: ['openid', 'profile'] }))).toBe('rotated');
    });

    it('moves nothing for a resource beyond those of the family', async () => {
      rotation = await bench.begin(['https://api.example']);
      expect(await rotate({ resources: ['https://other.example'] })).toEqual({ outcome: 'resource' });
      expect(await rotate({ resources: ['https://api.example'] })).toMatchObject({ outcome: 'rotated' });
    });

    it('moves nothing where not all that the family names is open to the client any more', async () => {
      const [api, files] = ['https://api.example', 'https://files.example'];
      rotation = await bench.begin([api, files]);
      for (const openResources of [[], [api], [files, 'https://other.example']])
        expect(await rotate({ openResources })).toEqual({ outcome: 'resource' });
      expect(outcomeOf(await rotate({ openResources: [api], resources: [api] }))).toBe('rotated');
    });

    it('gives nothing after its time', async () => {
      await bench.expire(rotation.presented.family);
      expect(await rotate()).toEqual({ outcome: 'expired' });
    });

    it('gives nothing under a floor', async () => {
      await bench.revoke(rotation.presented.family);
      expect(await rotate()).toEqual({ outcome: 'dead' });
    });
  });
}
