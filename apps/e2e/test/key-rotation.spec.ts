import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Plane, RawClient, secrets, twinTenants } from '../src/index.js';

describe('resource servers that verify by /jwks, while an operator rotates keys', () => {
  let plane: Plane;
  let robot: RawClient;
  beforeAll(async () => {
    // Two replicas of token, of which nginx takes either, for tokens and for /jwks.
    plane = await Plane.start({ form: 'five processes', configuration: twinTenants() });
    robot = new RawClient(plane.issuer, 'default', 'demo-service', secrets.service);
  }, 120_000);
  afterAll(() => plane.stop());

  const issue = async (): Promise<string> => {
    const { status, body } = await robot.token({ grant_type: 'client_credentials', scope: 'api:read' });
    expect([status, body['error']]).toEqual([200, undefined]);
    return String(body['access_token']);
  };
  const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? '';
  const jwksUri = () => new URL(robot.at('/jwks'));
  const maxAge = async () =>
    Number(/max-age=(\d+)/.exec((await fetch(jwksUri())).headers.get('cache-control') ?? '')?.[1]) * 1_000;

  async function issuedDuring(work: Promise<unknown>, jwks: JWTVerifyGetKey): Promise<Set<string>> {
    const progress = { isOver: false };
    const over = work.finally(() => (progress.isOver = true));
    const kids = new Set<string>();
    while (!progress.isOver) {
      const token = await issue();
      kids.add(kidOf(token));
      await jwtVerify(token, jwks, { issuer: plane.issuer });
    }
    await over;
    return kids;
  }
  const rotating = async (count: number, ...options: string[]) => {
    for (let round = 0; round < count; round += 1) await plane.signet('keys', 'rotate', ...options);
  };

  it('take every token by what they keep for as long as it may be kept', async () => {
    const jwks = createRemoteJWKSet(jwksUri(), { cacheMaxAge: await maxAge(), cooldownDuration: Infinity });
    expect((await issuedDuring(rotating(3), jwks)).size).toBe(1);
  }, 120_000);

  it('take every token of keys that are used at once, by reading anew for a kid that they do not know', async () => {
    const jwks = createRemoteJWKSet(jwksUri(), { cacheMaxAge: await maxAge(), cooldownDuration: 0 });
    expect((await issuedDuring(rotating(3, '--now'), jwks)).size).toBeGreaterThan(1);
  }, 120_000);

  it('and refuse by /jwks what a compromised key signed, and nothing else', async () => {
    const token = await issue();
    await plane.signet('keys', 'retire', kidOf(token), '--compromised', '--yes');
    const jwks = createRemoteJWKSet(jwksUri(), { cooldownDuration: 0 });
    await expect(jwtVerify(token, jwks)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    const next = await issue();
    expect(kidOf(next)).not.toBe(kidOf(token));
    await jwtVerify(next, jwks, { issuer: plane.issuer });
  }, 120_000);
});
