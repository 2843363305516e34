import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { build, stop } from 'esbuild';

/** What a Node program of ours may be asked to load and never is: optional parts of packages, which are not installed. */
const absent = [
  ...['@nestjs/platform-express', '@nestjs/websockets/*', 'class-transformer', 'class-validator'],
  ...['@fastify/multipart', '@fastify/static', '@fastify/view'],
  ...['amqp-connection-manager', 'ioredis', 'kafkajs', 'mqtt', 'pg-native'],
];

/**
 * Writes apps/signet/dist/bundle/programs.cjs: the one-process form, each service and the command line with all that they import, as one script, out of what tsc has made. Does nothing
 * where it stands already: its first line says what it was made of. See docs/adr/0009. packages.json beside it are the places of the packages in it, for tools/sbom.mjs.
 *
 * The script is a function of CommonJS' five variables, so that it can be compiled as it is (apps/signet/bin/code-cache.cjs).
 */
export async function bundle(root) {
  const signet = path.join(root, 'apps/signet');
  const file = path.join(signet, 'dist/bundle/programs.cjs');
  const mark = `// ${digestOf(root, signet)}\n`;
  if (startOf(file, mark.length) === mark) return;
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(signet, 'dist/programs.js')],
    outfile: file,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // TypeORM is for changes of the schema and of what signet.yaml declares, OpenTelemetry for whoever collects traces: most starts do without, and need not
    // read their code.
    external: ['typeorm', '@opentelemetry/*', ...absent],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: {
      js: `${mark}(function (exports, require, module, __filename, __dirname) {
const importMetaUrl = require('node:url').pathToFileURL(__filename).href;
// As Node 21 has it. Where it is missing pg looks at a Response instead, for which Node loads the whole of fetch.
const navigator = globalThis.navigator ?? { userAgent: \`Node.js/\${process.versions.node}\` };`,
    },
    footer: { js: '})' },
    logLevel: 'warning',
  });
  // Its helper would go on as long as this process.
  await stop();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(path.join(path.dirname(file), 'packages.json'), JSON.stringify(packagesIn(metafile), null, 2));
  // Complete or not there, whenever this process ends.
  writeFileSync(`${file}.new`, outputFiles[0].contents);
  renameSync(`${file}.new`, file);
}

/** Of each file that something came of, the package: node_modules/a, or a project of ours as apps/a. */
function packagesIn({ outputs }) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : [])),
  );
  const places = files.map((file) => /^(?:.*node_modules\/(?:@[^/]+\/)?[^/]+|(?:apps|libs)\/[^/]+)/.exec(file)?.[0]);
  return [...new Set(places)].filter((place) => place !== undefined).sort();
}

/** The first `length` bytes of a file, if it is there. */
function startOf(file, length) {
  try {
    const open = openSync(file, 'r');
    const start = Buffer.alloc(length);
    readSync(open, start, 0, length, 0);
    closeSync(open);
    return start.toString();
  } catch {
    return undefined;
  }
}

/** Of the projects' builds, of the packages that are installed, and of how they are bundled. */
function digestOf(root, project) {
  const hash = createHash('sha256');
  for (const directory of [...projectsOf(project)].sort())
    hash.update(readFileSync(path.join(directory, 'dist/.tsbuildinfo')));
  hash.update(readFileSync(path.join(root, 'node_modules/.package-lock.json')));
  hash.update(readFileSync(import.meta.filename));
  return hash.digest('hex');
}

/** A project and all that its tsconfig.json refers to. */
function projectsOf(directory, found = new Set()) {
  if (found.has(directory)) return found;
  found.add(directory);
  const { references = [] } = JSON.parse(readFileSync(path.join(directory, 'tsconfig.json'), 'utf8'));
  for (const reference of references) projectsOf(path.join(directory, reference.path), found);
  return found;
}
