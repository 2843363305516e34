import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, prepareDatabase } from '@signet/persistence';
import {
  readSchemaForm,
  rolePassword,
  runDatabase,
  schemaFaults,
  serviceUrl,
  withoutContractions,
  type Contraction,
  type RunDatabase,
  type SchemaForm,
} from '@signet/testing';
import { services } from '../src/services.js';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../released/${name}`, import.meta.url), 'utf8'));
const released = read('rows.json') as Readonly<Record<string, SchemaForm>>;
const contractions = read('contractions.json') as readonly Contraction[];

let database: RunDatabase;
beforeAll(async () => {
  const migrations = services.map(({ name, migrations: steps }) => [name, steps]);
  database = await runDatabase({ migrations, as: 'they are' }, async (url) => {
    await prepareDatabase({ adminUrl: url, services: services.map(({ name }) => ({ name, password: rolePassword })) });
    for (const { name, migrations: steps } of services)
      await migrate({ url: serviceUrl(url, name), service: name, migrations: steps });
  });
}, 60_000);
afterAll(() => database.drop());

describe('a database that both versions use', () => {
  it('is of every service', () => {
    expect(Object.keys(released)).toEqual(services.map(({ name }) => name).sort());
  });

  it.each(Object.keys(released))('%s: expands what was released, and changes no migration', async (service) => {
    const form = released[service];
    if (!form) throw new Error(service);
    expect(Object.keys(form.migrations).length).toBeGreaterThan(2);
    const today = await readSchemaForm(database.url, service);
    expect(withoutContractions(service, schemaFaults(form, today), contractions)).toEqual([]);
  });
});
