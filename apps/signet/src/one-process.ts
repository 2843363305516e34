import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { findTenant } from '@signet/contracts';
import { MeshError, type Requester } from '@signet/messaging';
import { launch, type ServiceLogger } from '@signet/service';
import { applyConfiguration } from './configuration/apply.js';
import { loadSignetFile } from './configuration/load.js';
import { withOperator } from './operator.js';
import { services } from './services.js';
import { makeSetupCode, setupLines } from './setup.js';

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
    afterStart: async ({ services: running, keyring }, { issuer, configurationFile, natsUrls, natsTls, setupFile }) => {
      if (configurationFile === undefined) return;
      const [first] = running;
      if (!first) return;
      const { file } = await loadSignetFile(configurationFile, environment, issuer);
      const url = environment['NATS_URL_OPERATOR'] ?? natsUrls.authn ?? '';
      const { hasher, logger } = first.parts;
      const on = { hasher, keyring, issuer };
      await withOperator(
        { url, tls: natsTls },
        async (requester) => {
          const applied = await whenAnswered(() => applyConfiguration(file, { ...on, requester }), logger);
          logger.info('configuration.applied', { plan: applied.planId, changes: applied.changes });
          await offerSetup(requester, issuer, setupFile).catch((error: unknown) => {
            logger.warn('setup.not_offered', { error });
          });
        },
        { patient: true },
      );
    },
    ...(afterOpen && { afterOpen }),
  });
}

/**
 * Where nobody administers the default tenant and no code is good, makes one and tells whoever started this: in a file of theirs, else on the
 * output of the process, past its log.
 */
async function offerSetup(requester: Requester, base: string, file: string | undefined): Promise<void> {
  const tenant = await requester.request(findTenant, { slug: 'default' });
  const lines = setupLines(base, tenant, await makeSetupCode(requester, tenant, { unlessOpen: true }));
  if (lines.length === 0) return;
  const text = `\n${lines.join('\n')}\n\n`;
  if (file === undefined) process.stdout.write(text);
  else await writeFile(file, text, { mode: 0o600 });
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
