import { fault, ok, warning, type Check } from '../verdict.js';

export const configuration: Check = {
  name: 'configuration',
  about: 'the settings hold together for the services that the environment has URLs for, as their start would find',
  run: (examined) => {
    if (examined.services.length === 0)
      return Promise.resolve([
        {
          subject: 'environment',
          ...fault(
            'it has neither a database nor a NATS',
            'Run it with the environment of the services: DATABASE_URL_<SERVICE>, NATS_URL_<SERVICE>, SIGNET_…; or where a quick start runs',
          ),
        },
      ]);
    const { loaded } = examined;
    if ('faults' in loaded)
      return Promise.resolve(
        loaded.faults.map(({ name, reason }) => ({
          subject: name,
          ...fault(reason, `Mend ${name}: the README has each setting`),
        })),
      );
    const held = { subject: 'environment', ...ok(`${loaded.ok.services.length} services, ${loaded.ok.mode} mode`) };
    return Promise.resolve([
      held,
      ...loaded.warnings.map(({ name, reason }) => ({
        subject: name,
        ...warning(reason, `See that this is meant: the README has ${name}`),
      })),
    ]);
  },
};
