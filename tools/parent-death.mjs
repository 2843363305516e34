import { spawnSync } from 'node:child_process';

const knows = new Map();

/**
 * The beginning of a command line whose process gets `signal` when this one dies, however it dies. Linux has that; elsewhere
 * it is empty.
 * @param {'INT' | 'KILL'} signal
 * @returns {string[]}
 */
export function dyingWithUs(signal) {
  const prefix = ['setpriv', '--pdeathsig', signal];
  if (!knows.has(signal))
    knows.set(signal, process.platform === 'linux' && spawnSync(prefix[0], [...prefix.slice(1), 'true']).status === 0);
  return knows.get(signal) ? prefix : [];
}
