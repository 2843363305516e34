import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { packagesOf, placeOf } from './image-files.mjs';

const licensesOf = (expression) => [{ expression }];
const algorithms = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/** node tools/sbom.mjs [FILE]: writes there, or to artifacts/sbom.cdx.json, what `sbom` gives. A build must stand. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = path.resolve(import.meta.dirname, '..');
  const file = path.resolve(process.argv[2] ?? path.join(root, 'artifacts/sbom.cdx.json'));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(sbom(root), null, 2)}\n`);
}

/**
 * The packages of npm that an image holds, as CycloneDX 1.5: those that the one script was made of, as its bundler says, and those that are copied beside it.
 * Of the same build the same text. Node and Debian's packages are the base image's, and not in it.
 * @param {string} root
 */
export function sbom(root) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const bundled = JSON.parse(readFileSync(path.join(root, 'apps/signet/dist/bundle/packages.json'), 'utf8'));
  const places = [...new Set([...bundled, ...packagesOf(root)])].sort();
  const of = (place) => describe(place, packages[place]);
  // A package may lie in two places in the same version.
  const components = new Map(places.map((place) => [of(place)['bom-ref'], of(place)]));
  const dependsOn = new Map([...components.keys()].map((ref) => [ref, new Set()]));
  for (const place of places) {
    const { dependencies, optionalDependencies } = packages[place];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = placeOf(packages, name, place);
      const target = found !== undefined && packages[found].link ? packages[found].resolved : found;
      if (places.includes(target)) dependsOn.get(of(place)['bom-ref']).add(of(target)['bom-ref']);
    }
  }
  const { version, license } = packages[''];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: { 'bom-ref': 'signet', type: 'application', name: 'signet', version, licenses: licensesOf(license) },
    },
    components: [...components.values()],
    dependencies: [
      {
        ref: 'signet',
        dependsOn: places.filter((place) => !place.includes('node_modules/')).map((place) => of(place)['bom-ref']),
      },
      ...[...dependsOn].map(([ref, needed]) => ({ ref, dependsOn: [...needed].sort() })),
    ],
  };
}

/** `entry` is package-lock.json's; of a project of ours it has a name. */
function describe(place, { name = place.slice(place.lastIndexOf('node_modules/') + 13), version, license, integrity }) {
  const [last, group] = name.split('/').reverse();
  const purl = `pkg:npm/${group === undefined ? '' : `${encodeURIComponent(group)}/`}${last}@${version}`;
  return {
    'bom-ref': purl,
    type: 'library',
    ...(group !== undefined && { group }),
    name: last,
    version,
    ...(license !== undefined && { licenses: licensesOf(license) }),
    purl,
    ...(integrity !== undefined && { hashes: integrity.split(' ').map(hashOf) }),
  };
}

/** From the form of W3C Subresource Integrity. */
function hashOf(text) {
  const [algorithm, digest] = text.split(/-(.*)/s);
  return { alg: algorithms[algorithm], content: Buffer.from(digest, 'base64').toString('hex') };
}
