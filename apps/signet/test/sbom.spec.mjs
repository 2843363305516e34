import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { packagesOf } from '../../../tools/image-files.mjs';
import { sbom } from '../../../tools/sbom.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const json = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

describe('the bill of materials of an image', () => {
  const bill = sbom(root);
  const text = JSON.stringify(bill);
  const { packages } = json('package-lock.json');
  const named = ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`;
  const all = new Set(bill.components.map(named));
  const lockedAs = (place) => `${place.slice(place.lastIndexOf('node_modules/') + 13)}@${packages[place].version}`;

  it('is CycloneDX', () => {
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 });
    const refs = bill.components.map((component) => component['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { type, name, version, purl, hashes = [] } of bill.components) {
      expect([type, purl]).toEqual([
        'library',
        expect.stringMatching(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/),
      ]);
      expect(purl.endsWith(`${name}@${version}`)).toBe(true);
      for (const { alg, content } of hashes)
        expect([alg, content]).toEqual(['SHA-512', expect.stringMatching(/^[\da-f]{128}$/)]);
    }
    const known = new Set(['signet', ...refs]);
    expect(new Set(bill.dependencies.map(({ ref }) => ref))).toEqual(known);
    for (const { dependsOn } of bill.dependencies) expect(dependsOn.filter((ref) => !known.has(ref))).toEqual([]);
  });

  it('is written by the program that the Dockerfile runs', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'signet-sbom-'));
    try {
      const file = path.join(directory, 'sbom.cdx.json');
      execFileSync(process.execPath, [path.join(root, 'tools/sbom.mjs'), file]);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(bill);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('names what is in the script, what is beside it, and our own parts, each in its version', () => {
    for (const name of ['fastify', 'jose', 'pg', 'zod', '@nestjs/core', '@nats-io/transport-node'])
      expect(all).toContain(lockedAs(`node_modules/${name}`));
    for (const place of packagesOf(root)) expect(all).toContain(lockedAs(place));
    for (const name of ['authn', 'token', 'session', 'directory', 'audit', 'protocol'])
      expect(all).toContain(`@signet/${name}@${packages[''].version}`);
  });

  it('names no package that only development needs', () => {
    const development = Object.entries(packages).flatMap(([place, { dev }]) => (dev ? [lockedAs(place)] : []));
    const production = Object.entries(packages).flatMap(([place, { dev, link }]) =>
      dev || link ? [] : [lockedAs(place)],
    );
    const only = development.filter((name) => !production.includes(name));
    expect(only).toEqual(expect.arrayContaining([expect.stringMatching(/^jest@/), expect.stringMatching(/^eslint@/)]));
    expect(only.filter((name) => all.has(name))).toEqual([]);
  });

  it('holds no address, of a registry or another', () => {
    expect(text).not.toMatch(/https?:/);
  });
});
