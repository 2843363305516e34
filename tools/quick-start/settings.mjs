import path from 'node:path';
import { parseArgs } from 'node:util';

import { root } from '../bootstrap.mjs';
import { freePort, portIsFree } from '../free-port.mjs';
import { StepError } from '../steps.mjs';

/**
 * What `npm start` was asked for, with its defaults.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function readSettings(args, env) {
  const tls = hasTls(args);
  const port = portOf(env, 'PORT', 3000) || (await freePort());
  const demoPort = portOf(env, 'SIGNET_DEMO_PORT', 3001);
  const issuer = env.SIGNET_ISSUER || `${tls ? 'https' : 'http'}://localhost:${port}`;
  const data = path.resolve(root, env.SIGNET_DATA || '.data');
  return {
    tls,
    port,
    /** 0: no demo. */
    demoPort,
    /** The quick start asks there whether Signet is ready, so it cannot do without one. */
    managementPort: portOf(env, 'SIGNET_MANAGEMENT_PORT', port + 10) || (await freePort()),
    issuer,
    data,
    /** A tenant's issuer never changes, so each issuer has a state of its own: https and another port are others. */
    state: path.join(data, issuer.replace(/[^a-z0-9]+/gi, '-')),
    configuration: path.resolve(root, env.SIGNET_CONFIG || 'signet.yaml'),
    isOwnConfiguration: !env.SIGNET_CONFIG,
    databaseUrl: env.DATABASE_URL || undefined,
    natsUrl: env.NATS_URL || undefined,
  };
}

function hasTls(args) {
  try {
    return parseArgs({ args, options: { tls: { type: 'boolean', default: false } } }).values.tls;
  } catch (error) {
    throw new StepError(
      error.message,
      'Usage: npm start [-- --tls]   (--tls serves https, with an authority of its own)',
    );
  }
}

function portOf(env, name, byDefault) {
  const text = env[name] || String(byDefault);
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StepError(
    `${name} is not a port number: ${text}`,
    `Leave ${name} out, or set it to a number from 0 to 65535.`,
  );
}

/** Fails if one of the ports that will be listened on is taken, and says how to choose another. */
export async function requirePorts({ port, demoPort, managementPort }) {
  const wanted = [
    ['PORT', port, 'Signet'],
    ['SIGNET_MANAGEMENT_PORT', managementPort, 'health and metrics'],
    ...(demoPort === 0 ? [] : [['SIGNET_DEMO_PORT', demoPort, 'the demo']]),
  ];
  const doubled = wanted.find(([, number], index) => wanted.findIndex(([, other]) => other === number) !== index);
  if (doubled) throw new StepError(`Port ${doubled[1]} is wanted twice.`, `Set ${doubled[0]} to another one.`);
  const taken = [];
  for (const entry of wanted) if (!(await isFree(entry[1]))) taken.push(entry);
  if (taken.length === 0) return;
  throw new StepError(
    taken.map(([, number, what]) => `Port ${number} (for ${what}) is taken by another program.`).join('\n'),
    `Stop it, or choose another port: ${taken.map(([name, number]) => `${name}=${number + 100}`).join(' ')} npm start`,
  );
}

/** Both loopback addresses, since a browser takes localhost for either; a port may be taken at one of them alone. */
async function isFree(port) {
  try {
    return (await portIsFree(port, '127.0.0.1')) && (await portIsFree(port, '::1').catch(noSuchAddress));
  } catch (error) {
    if (error.code === 'EACCES')
      throw new StepError(`Port ${port} needs more rights than you have.`, 'Choose one above 1023.');
    throw error;
  }
}

function noSuchAddress(error) {
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return true;
  throw error;
}
