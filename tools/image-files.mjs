import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the one script (docs/adr/0009) loads by name: packages that tools/bundle.mjs leaves outside, and those with a native part. */
const loadedByName = [
  ...['typeorm', '@node-rs/argon2'],
  ...['@opentelemetry/api', '@opentelemetry/exporter-trace-otlp-http'],
  ...['@opentelemetry/resources', '@opentelemetry/sdk-trace-base'],
];

/** node tools/image-files.mjs DIRECTORY: copies there all that runs, as an image holds it. A build must stand. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , to] = process.argv;
  if (to === undefined) throw new Error('Usage: node tools/image-files.mjs DIRECTORY');
  copyImageFiles(path.resolve(import.meta.dirname, '..'), path.resolve(to));
}

/**
 * Copies the programs, their script and the packages that it loads by name, with what these depend on.
 * @param {string} root
 * @param {string} to an image's directory of Signet
 */
export function copyImageFiles(root, to) {
  const copy = (file) => {
    mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(to, file), { recursive: true, dereference: true });
  };
  for (const file of ['signet', 'one-process', 'programs', 'code-cache', 'thread-pool'])
    copy(`apps/signet/bin/${file}.cjs`);
  copy('apps/signet/dist/bundle/programs.cjs');
  const packages = packagesOf(root);
  // What lies within another is copied with it.
  const outermost = packages.filter((place) => !packages.some((other) => place.startsWith(`${other}/`)));
  for (const file of ['LICENSE', ...outermost]) copy(file);
}

/** Places of the packages and of their dependencies, as package-lock.json has them; of optional ones those for this machine. */
export function packagesOf(root) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const found = new Set();
  const find = (name, from) => {
    const place = placeOf(packages, name, from);
    if (place === undefined || found.has(place) || !existsSync(path.join(root, place))) return;
    found.add(place);
    const { dependencies, optionalDependencies } = packages[place];
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) find(dependency, place);
  };
  for (const name of loadedByName) find(name, '');
  return [...found].sort();
}

/** Where Node finds a package: beside the one that asks, or beside one that it lies in. */
export function placeOf(packages, name, from) {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const place = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (place in packages) return place;
    if (base === '') return undefined;
  }
}
