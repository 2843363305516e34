import './node-version.mjs';

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { build, ensurePackages, preparing, root } from './bootstrap.mjs';
import { main } from './steps.mjs';
import { throwawayPostgres } from './throwaway.mjs';

/**
 * node tools/released.mjs
 *
 * Part of a release: writes down the messages, rows and migrations that it has, which the next version is held against. Refuses where they do not get along with
 * the release before, and then writes nothing; what was agreed to is in agreed-changes.ts and contractions.json.
 */
const files = {
  messages: 'libs/contracts/src/versions/released-messages.json',
  rows: 'apps/signet/released/rows.json',
  contractions: 'apps/signet/released/contractions.json',
};

await main(async () => {
  await preparing(async () => {
    await ensurePackages();
    await build();
  });
  const contracts = built('libs/contracts/dist/versions');
  const [{ formsOfToday, lostInNats }, { brokenMessages }, { agreedChanges }] = await Promise.all(
    ['released', 'message-forms', 'agreed-changes'].map(contracts),
  );
  const { schemaFaults, withoutContractions } = await built('libs/testing/dist')('compare-schema-forms');

  const messages = formsOfToday();
  const rows = await rowsOfToday();
  const before = { messages: read(files.messages), rows: read(files.rows) };
  const broken = [
    ...(before.messages ? brokenMessages(before.messages.messages, messages.messages, agreedChanges) : []),
    ...(before.messages ? lostInNats(before.messages, messages) : []),
    ...Object.entries(before.rows ?? {}).flatMap(([service, form]) =>
      withoutContractions(service, schemaFaults(form, rows[service]), read(files.contractions)).map((fault) => ({
        service,
        ...fault,
      })),
    ),
  ];
  if (broken.length > 0) {
    for (const one of broken) console.error(JSON.stringify(one));
    return 1;
  }
  write(files.messages, messages, 4);
  write(files.rows, rows, 5);
  return 0;
});

/** Loads modules of a build by their names. */
function built(directory) {
  return (name) => import(pathToFileURL(path.join(root, directory, `${name}.js`)).href);
}

/** Of databases that every migration has run on. */
async function rowsOfToday() {
  const { migrate, prepareDatabase } = await built('libs/persistence/dist')('index');
  const { readSchemaForm } = await built('libs/testing/dist')('schema-form');
  const { services } = await built('apps/signet/dist')('services');
  const postgres = await throwawayPostgres();
  try {
    const password = 'of-a-throwaway';
    await prepareDatabase({ adminUrl: postgres.url, services: services.map(({ name }) => ({ name, password })) });
    const forms = {};
    for (const { name, migrations } of [...services].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const url = new URL(postgres.url);
      Object.assign(url, { username: `signet_${name}`, password });
      await migrate({ url: url.href, service: name, migrations });
      forms[name] = await readSchemaForm(postgres.url, name);
    }
    return forms;
  } finally {
    await postgres.stop();
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Some levels are laid out; what is below is a line, so that a change of it is one. */
function write(file, value, levels) {
  writeFileSync(path.join(root, file), `${laidOut(value, levels, '')}\n`);
  console.log(file);
}

function laidOut(value, levels, indent) {
  if (levels === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const below = `${indent}  `;
  const members = Object.entries(value).map(
    ([name, member]) => `${below}${JSON.stringify(name)}: ${laidOut(member, levels - 1, below)}`,
  );
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}
