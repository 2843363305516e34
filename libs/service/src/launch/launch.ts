import { loadConfiguration, type Configuration, type Fault } from '../configuration/configuration.js';
import { processEnvironment } from '../configuration/process-environment.js';
import type { ServiceDefinition } from '../definition.js';
import { keyManagement } from '../key-management/key-management.js';
import { takeOverNestLog } from '../observability/nest-logger.js';
import { ServiceLogger } from '../observability/service-logger.js';
import type { Tracing } from '../observability/tracing.js';
import { KeyringUnusable, openedKeyring } from './keyring-opening.js';
import { startPlane, type RunningPlane } from './plane.js';
import { isRefusal } from './refusal.js';
import { tlsFileFaults } from './tls-files.js';

export interface LaunchHooks {
  /** When every service has started and the listener answers, before the process says that it is ready. A rejection ends the process. */
  readonly afterStart?: (running: RunningPlane, configuration: Configuration) => Promise<void>;
  /** When the process has said that it is ready. */
  readonly afterOpen?: () => void;
  /** After everything has stopped. */
  readonly afterStop?: () => Promise<void>;
}

const exitCode = { stopped: 0, failed: 1, misconfigured: 2 } as const;
/** Milliseconds that a stop may take beyond its drain. */
const stopLimit = 30_000;

/**
 * Runs services as this process: the whole of a `main.ts`. Reads the environment, owns signals and exit code: 0 after SIGTERM or SIGINT, 1 after a
 * failure, 2 where something has to be mended before it can start: a configuration that does not hold, a database or a NATS that refuses it or that it
 * refuses. What it could not start for is the last line of the standard error. A second signal ends it at once.
 */
export async function launch(services: readonly ServiceDefinition[], hooks: LaunchHooks = {}): Promise<void> {
  const loaded = loadConfiguration(
    processEnvironment(),
    services.map(({ name }) => name),
  );
  if ('faults' in loaded) {
    misconfigured(loaded.faults);
    return;
  }
  const configuration = loaded.ok;
  const logger = ServiceLogger.root(configuration.logLevel);
  takeOverNestLog(logger);
  dieOfBugs(logger);
  for (const { name, reason } of loaded.warnings) logger.warn('configuration.warning', { name, reason });

  const unusable = tlsFileFaults(configuration);
  if (unusable.length > 0) {
    misconfigured(unusable);
    return;
  }

  const starting = new AbortController();
  const stopped = onSignals(logger, starting);
  try {
    const began = performance.now();
    const tracing = await openTracing(configuration, logger);
    const keyring = () => {
      const { keyring: source, kmsPatience: patience, kms } = configuration;
      return openedKeyring({ source, management: keyManagement(kms), patience, logger, signal: starting.signal });
    };
    const plane = await startPlane(services, configuration, { keyring, logger, tracing, signal: starting.signal });
    // Without certificates to look at, a hang-up is what it is to every process: its terminal has gone.
    if (configuration.tls || configuration.natsTls.certFile !== undefined)
      process.on('SIGHUP', () => {
        plane.reload();
      });
    try {
      const after = starting.signal.aborted ? undefined : hooks.afterStart?.(plane, configuration);
      // A signal does not wait for it; how it then ends is of no interest.
      after?.catch(() => undefined);
      await Promise.race([after, stopped]);
      plane.open();
      logger.info('started', {
        issuer: configuration.issuer,
        port: plane.port,
        services: services.map(({ name }) => name),
        milliseconds: Math.round(performance.now() - began),
        since_process_start: Math.round(performance.now()),
      });
      hooks.afterOpen?.();
      await stopped;
    } finally {
      limitStop(logger, configuration.drain * 1_000 + stopLimit);
      await plane.stop();
      await tracing?.stop();
      await hooks.afterStop?.();
    }
    logger.info('stopped');
    process.exit(exitCode.stopped);
  } catch (error) {
    if (starting.signal.aborted) process.exit(exitCode.stopped);
    if (error instanceof KeyringUnusable) {
      misconfigured([{ name: error.setting, reason: error.message }]);
      process.exit(exitCode.misconfigured);
    }
    const explained = explain(error);
    logger.error('failed', { error: explained });
    process.stderr.write(`${explained instanceof Error ? explained.message : String(explained)}\n`);
    process.exit(isRefusal(error) ? exitCode.misconfigured : exitCode.failed);
  }
}

/** OpenTelemetry is loaded where a collector is named, and nowhere else. */
async function openTracing({ tracing }: Configuration, logger: ServiceLogger): Promise<Tracing | undefined> {
  if (!tracing) return undefined;
  const { Tracing } = await import('../observability/tracing.js');
  return new Tracing(tracing, logger);
}

function misconfigured(faults: readonly Fault[]): void {
  process.stderr.write(
    `The configuration does not hold:\n${faults.map(({ name, reason }) => `  ${name} ${reason}\n`).join('')}`,
  );
  process.exitCode = exitCode.misconfigured;
}

/** Milliseconds within which signals are one and the same: npm and the terminal may each hand one on. */
const oneKeystroke = 500;

/** Resolves at the first signal; the second one ends the process. */
function onSignals(logger: ServiceLogger, starting: AbortController): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      if (first !== undefined) {
        if (performance.now() - first > oneKeystroke) process.exit(exitCode.failed);
        return;
      }
      first = performance.now();
      logger.info('stopping', { signal });
      starting.abort();
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

/** After one of these nobody knows what state the process is in. */
function dieOfBugs(logger: ServiceLogger): void {
  const die = (error: unknown): void => {
    logger.error('process.bug', { error: error instanceof Error ? error : new Error(String(error)) });
    process.exit(exitCode.failed);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}

function limitStop(logger: ServiceLogger, milliseconds: number): void {
  setTimeout(() => {
    logger.error('stop.timed_out', { milliseconds });
    process.exit(exitCode.failed);
  }, milliseconds).unref();
}

function explain(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error)
    return new Error(`Port ${String(error.port)} is taken by another program.`);
  return error;
}
