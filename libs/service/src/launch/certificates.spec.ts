import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
// eslint-disable-next-line @nx/enforce-module-boundaries -- tools/ is plain Node, no project; @signet/testing builds on this library
import { newAuthority, type Issued } from '../../../../tools/authority.mjs';
import { Certificates } from './certificates.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-certificates-'));
const certificate = path.join(directory, 'cert.pem');
const key = path.join(directory, 'key.pem');

const issue = async (days = 1): Promise<Issued> =>
  (await newAuthority({ name: 'spec', days: 2 })).issue({ names: ['localhost'], days });

function put(pair: Issued): void {
  writeFileSync(certificate, pair.cert);
  writeFileSync(key, pair.key, { mode: 0o600 });
}

describe('certificates of a process', () => {
  let taken: string[];
  let said: string[];
  let certificates: Certificates;
  let first: Issued;
  beforeEach(async () => {
    [taken, said] = [[], []];
    const say = (event: string) => void said.push(event);
    const take = ({ cert }: { cert: string }) => void taken.push(cert);
    certificates = new Certificates([{ name: 'edge', certificate, key, take }], { info: say, error: say });
    first = await issue();
    put(first);
    certificates.look();
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('are taken once, and again when they are others', async () => {
    certificates.look();
    const next = await issue();
    put(next);
    certificates.look();
    certificates.look();
    expect(taken).toEqual([first.cert, next.cert]);
    expect(said).toEqual(['certificate.taken', 'certificate.taken']);
  });

  it.each<[string, (next: Issued) => Issued]>([
    ['beside the key of another', (next) => ({ cert: next.cert, key: first.key })],
    ['half written', ({ cert, key: whole }) => ({ cert: cert.slice(0, 200), key: whole })],
    ['whose key is half written', ({ cert, key: whole }) => ({ cert, key: whole.slice(0, 100) })],
    ['that are empty', () => ({ cert: '', key: '' })],
  ])('are not taken %s, which is said once', async (_, spoil) => {
    const next = await issue();
    put(spoil(next));
    certificates.look();
    certificates.look();
    expect(taken).toEqual([first.cert]);
    expect(said).toEqual(['certificate.taken', 'certificate.refused']);
    put(next);
    certificates.look();
    expect(taken).toEqual([first.cert, next.cert]);
  });

  it('that are gone for a moment stay what they were', () => {
    rmSync(certificate);
    certificates.look();
    certificates.look();
    expect(said).toEqual(['certificate.taken', 'certificate.refused']);
    put(first);
    certificates.look();
    expect(taken.at(-1)).toBe(first.cert);
  });

  it('say when they end, and that they have ended', async () => {
    const day = 86_400;
    expect(certificates.expiries.get('edge')).toBeCloseTo(Date.now() / 1_000 + day, -2);
    put(await issue(-1));
    certificates.look();
    expect(certificates.expiries.get('edge')).toBeLessThan(Date.now() / 1_000);
    expect(said).toEqual(['certificate.taken', 'certificate.expired']);
  });
});
