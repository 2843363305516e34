import { serviceNames } from '@signet/contracts';
import { migrate, prepareDatabase } from '@signet/persistence';
import { command, required } from '../command.js';
import { services } from '../services.js';

const urlOf = (environment: Readonly<Record<string, string | undefined>>, service: string) =>
  environment[`DATABASE_URL_${service.toUpperCase()}`];

export const databasePrepare = command({
  words: ['database', 'prepare'],
  summary: 'Makes the schema of each service, and the role that its DATABASE_URL_<SERVICE> names. May be repeated.',
  options: {},
  run: async (_, context) => {
    const adminUrl = required(context, 'DATABASE_URL', 'the URL of a user who may create roles and schemas');
    await prepareDatabase({
      adminUrl,
      services: serviceNames.map((name) => {
        const url = urlOf(context.environment, name);
        return { name, ...(url !== undefined && { url }) };
      }),
    });
    context.out(`prepared: ${serviceNames.join(', ')}`);
  },
});

export const databaseMigrate = command({
  words: ['database', 'migrate'],
  summary: 'Brings the schema of every service up to date. Services do the same at their start.',
  options: {},
  run: async (_, context) => {
    for (const { name, migrations } of services) {
      const url =
        urlOf(context.environment, name) ?? required(context, 'DATABASE_URL', `where ${name} keeps its state`);
      await migrate({ url, service: name, migrations });
      context.out(`${name}: up to date`);
    }
  },
});
