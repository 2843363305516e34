import { existsSync } from 'node:fs';
import path from 'node:path';

import { startPostgres } from '../embedded-postgres.mjs';
import { readIfThere, writePrivate } from '../private-file.mjs';
import { step, StepError } from '../steps.mjs';
import { databaseUrls } from './secrets.mjs';
import { digestOf, signet } from './signet-command.mjs';

/** Starts the PostgreSQL of a state directory. */
export async function startDatabase({ state, secrets }) {
  const directory = path.join(state, 'postgres');
  const server = await startPostgres({ directory, password: secrets.superuser }).catch((error) => {
    throw new StepError(
      error.message,
      `Its log is ${directory}.log. Or set DATABASE_URL to a PostgreSQL server that runs.`,
    );
  });
  return { server, urls: databaseUrls(secrets, server.port) };
}

/** Makes roles and schemas in it, unless they are known to be there: the cluster itself keeps a note. */
export async function prepareEmbedded({ state, secrets, server, urls }) {
  const note = path.join(state, 'postgres', 'signet-prepared');
  const digest = digestOf(['contracts', 'persistence'], secrets.roles);
  if (readIfThere(note)?.trim() === digest) return;
  await prepare({ ...urls, DATABASE_URL: server.url }, 'Look at the message above; starting again repeats the step.');
  if (existsSync(path.dirname(note))) writePrivate(note, `${digest}\n`);
}

/** Makes them in a database of the user's own: with roles for the services that have a DATABASE_URL_<SERVICE>. */
export function prepareGiven() {
  return prepare(
    {},
    'DATABASE_URL must be that of a PostgreSQL user who may create schemas (and roles, for DATABASE_URL_<SERVICE>).',
  );
}

function prepare(env, advice) {
  return step('preparing the database', () => signet(['database', 'prepare'], env, advice));
}
