import { setTimeout as pause } from 'node:timers/promises';
import { MeshError } from '@signet/messaging';
import { launch, readKeyring, type ServiceLogger } from '@signet/service';
import { applyConfiguration } from './configuration/apply.js';
import { loadSignetFile } from './configuration/load.js';
import { withOperator } from './operator.js';
import { services } from './services.js';

// The launcher is its own edge to the environment, for what only it needs: the operator's URL and signet.yaml's references.
// eslint-disable-next-line no-restricted-syntax
const environment = process.env;

export interface OneProcessHooks {
  /** When it has said that it is ready. */
  readonly afterOpen?: () => void;
}

/** Runs the five services as this process, with a signet.yaml applied before it is ready where one is named. Resolves only where it cannot start. */
export function runOneProcess({ afterOpen }: OneProcessHooks = {}): Promise<void> {
  return launch(services, {
    afterStart: async ({ services: running }, { issuer, configurationFile, natsUrls, keyring }) => {
      if (configurationFile === undefined) return;
      const [first] = running;
      if (!first) return;
      const { file } = await loadSignetFile(configurationFile, environment, issuer);
      const url = environment['NATS_URL_OPERATOR'] ?? natsUrls.authn ?? '';
      const { hasher, logger } = first.parts;
      const on = { hasher, keyring: readKeyring(keyring), issuer };
      const applied = await withOperator(
        url,
        (requester) => whenAnswered(() => applyConfiguration(file, { ...on, requester }), logger),
        { patient: true },
      );
      logger.info('configuration.applied', { plan: applied.planId, changes: applied.changes });
    },
    ...(afterOpen && { afterOpen }),
  });
}

/** Repeats what may be repeated until the services have their NATS: what needs none is answered meanwhile. */
async function whenAnswered<T>(work: () => Promise<T>, logger: ServiceLogger): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MeshError) || !['unavailable', 'deadline_exceeded'].includes(error.code)) throw error;
      logger.warn('configuration.waiting', { error });
      await pause(500);
    }
  }
}
