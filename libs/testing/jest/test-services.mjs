import { randomBytes } from 'node:crypto';

import pg from 'pg';

import { findNatsServer } from '../../../tools/services.mjs';
import { sweepThrowaways, throwawayPostgres } from '../../../tools/throwaway.mjs';

/**
 * Provides what tests need and tells it by the environment, which the workers inherit: TEST_DATABASE_URL (a superuser's) and,
 * where suites must share one, TEST_NATS_URL. What is given already is left as it is. TEST_RUN is this run's own word.
 *
 * TEST_SERVICES: `embedded` (the default) or `docker`.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ stop(): Promise<void> }>}
 */
export async function testServices(env) {
  env.TEST_RUN = randomBytes(4).toString('hex');
  const mode = env.TEST_SERVICES ?? 'embedded';
  if (mode === 'embedded') return embedded(env);
  if (mode === 'docker') return containers(env);
  throw new Error(`TEST_SERVICES is "${mode}"; it can be "embedded" or "docker"`);
}

async function embedded(env) {
  sweepThrowaways();
  if (!env.TEST_NATS_URL && !findNatsServer())
    throw new Error('nats-server was not found: run the tests by `npm test`, which fetches it, or set NATS_SERVER_BIN');
  if (env.TEST_DATABASE_URL) return { stop: () => dropTemplates(env) };
  const postgres = await throwawayPostgres();
  env.TEST_DATABASE_URL = postgres.url;
  return { stop: () => postgres.stop() };
}

/** What the suites of this run have copied, in a server that outlives it. */
async function dropTemplates({ TEST_DATABASE_URL, TEST_RUN }) {
  const client = new pg.Client({ connectionString: TEST_DATABASE_URL });
  await client.connect();
  const { rows } = await client.query('select datname as name from pg_database where starts_with(datname, $1)', [
    `template_${TEST_RUN}_`,
  ]);
  for (const { name } of rows) await client.query(`drop database ${name}`);
  await client.end();
}

/** Fails where no container engine answers: a run that was asked for is not replaced by another one. */
async function containers(env) {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const { NatsContainer } = await import('@testcontainers/nats');
  const started = [];
  try {
    if (!env.TEST_DATABASE_URL) {
      const postgres = await new PostgreSqlContainer('postgres:18-alpine').start();
      started.push(postgres);
      env.TEST_DATABASE_URL = postgres.getConnectionUri();
    }
    if (!env.TEST_NATS_URL) {
      const nats = await new NatsContainer('nats:2.10-alpine').withJetStream().start();
      started.push(nats);
      const { servers, user, pass } = nats.getConnectionOptions();
      env.TEST_NATS_URL = `nats://${user}:${pass}@${servers}`;
    }
  } catch (cause) {
    await Promise.all(started.map((container) => container.stop()));
    throw new Error(`TEST_SERVICES=docker asks for containers, and they could not be started: ${cause.message}`, {
      cause,
    });
  }
  return { stop: async () => void (await Promise.all(started.map((container) => container.stop()))) };
}
