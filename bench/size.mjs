import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { withFiveProcesses } from './five-processes.mjs';
import { memoryOf } from './memory.mjs';
import { refresh, signIn } from './sign-in.mjs';

const atOnce = 8;

/**
 * What an operation takes of each of five processes, and what memory each has: what a deployment is sized by. The database and NATS are told by what the
 * machine did beside these and the bench, so nothing else may run.
 *
 * npm run bench -- size [seconds of each operation]
 */
export const run = ([seconds = '20']) =>
  withFiveProcesses(async ({ services }) => {
    await pause(5_000); // idle: the figure is of processes that have settled
    const idle = memory(services);
    const rows = {};
    for (const [name, lanes] of Object.entries(operations(services))) {
      await work(lanes, 3); // what is compiled, connected and read once
      rows[name] = await measured(services, () => work(lanes, Number(seconds)));
    }
    console.log(`CPU in ms of an operation, ${atOnce} at once for ${seconds} s:`);
    console.table(rows);
    console.log('Memory (PSS) in MiB:');
    console.table({ idle, 'after these': memory(services) });
  });

const memory = (services) =>
  Object.fromEntries(Object.entries(services).map(([name, { pid }]) => [name, Math.round(memoryOf(pid()))]));

/** Of each, what one lane does again and again. */
const operations = ({ authn, token }) => ({
  'client credentials': () => () => clientCredentials(token.origin),
  'a sign-in': () => () => signIn(authn.origin, token.origin),
  'a refresh': async () => {
    let { refresh_token: last } = await signIn(authn.origin, token.origin);
    return async () => {
      last = (await refresh(token.origin, last)).refresh_token;
    };
  },
  'an introspection': async () => {
    const { access_token: about } = await clientCredentials(token.origin);
    return async () => {
      const { active } = await asService(`${token.origin}/introspect`, { token: about });
      if (!active) throw new Error('a new token is not active');
    };
  },
});

const clientCredentials = (origin) =>
  asService(`${origin}/token`, { grant_type: 'client_credentials', scope: 'demo:read' });

async function asService(url, parameters) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('demo-service:demo-service-secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(parameters),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** How many were done. */
async function work(lanes, seconds) {
  const over = performance.now() + seconds * 1_000;
  const lane = async () => {
    const operation = await lanes();
    let done = 0;
    for (; performance.now() < over; done += 1) await operation();
    return done;
  };
  const done = await Promise.all(Array.from({ length: atOnce }, lane));
  return done.reduce((sum, each) => sum + each, 0);
}

async function measured(services, operate) {
  const before = await spent(services);
  const began = performance.now();
  const done = await operate();
  const seconds = (performance.now() - began) / 1_000;
  const after = await spent(services);
  const each = Object.fromEntries(
    Object.keys(after).map((name) => [name, Number(((after[name] - before[name]) / done).toFixed(2))]),
  );
  return { ...each, 'a second': Math.round(done / seconds) };
}

/** Milliseconds of CPU up to now: of each service, and of what is neither a service nor the bench. */
async function spent(services) {
  const own = Object.fromEntries(
    await Promise.all(Object.entries(services).map(async ([name, { management }]) => [name, await cpuOf(management)])),
  );
  const ours = Object.values(own).reduce((sum, each) => sum + each, 0);
  const { user, system } = process.cpuUsage();
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { ...own, 'Postgres and NATS': busy - ours - (user + system) / 1_000 };
}

async function cpuOf(management) {
  const text = await (await fetch(`${management}/metrics`)).text();
  return Number(/^process_cpu_seconds_total(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1]) * 1_000;
}
