import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

import { dyingWithUs } from './parent-death.mjs';

/** The end of a log, for an error message. */
export function tail(file, lines = 20) {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
}

/**
 * Starts a server in a session of its own, so that a terminal's Ctrl-C does not reach it, and tied to this process, so that it
 * does not outlive it. It does not keep this process alive by itself. What it prints goes to `log`.
 *
 * @param {{ command: string, args: string[], log: string, prefix?: string[], uid?: number, gid?: number, cwd?: string, env?: NodeJS.ProcessEnv }} options
 *   `prefix` is a command that executes the rest of its arguments in place
 */
export function startTethered({ command, args, log, prefix = [], uid, gid, cwd, env = process.env }) {
  const [file, ...rest] = [...prefix, ...dyingWithUs('INT'), command, ...args];
  const output = openSync(log, 'w', 0o600);
  const child = spawn(file, rest, { detached: true, stdio: ['ignore', output, output], cwd, env, uid, gid });
  closeSync(output);
  child.unref();
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    pid: child.pid,
    exited,
    running,

    /** Waits until `probe` gives a value; fails with the end of the log if the process ends, or is not ready in time. */
    async ready(probe, { timeoutMs = 30_000, everyMs = 5, lines = 20 } = {}) {
      const deadline = Date.now() + timeoutMs;
      child.ref();
      try {
        for (;;) {
          const value = await probe();
          if (value !== undefined) return value;
          if (!running())
            throw new Error(`${command} ended before it was ready:\n${(await exited).error ?? tail(log, lines)}`);
          if (Date.now() > deadline) {
            child.kill('SIGKILL');
            throw new Error(`${command} was not ready after ${timeoutMs / 1000} s:\n${tail(log, lines)}`);
          }
          await new Promise((resolve) => setTimeout(resolve, everyMs));
        }
      } finally {
        child.unref();
      }
    },

    /** Sends the signal and waits for the end; kills the process if it has not ended after `graceMs`. */
    async stop(signal, graceMs = 10_000) {
      if (!running()) return;
      child.ref();
      child.kill(signal);
      const hard = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(hard);
    },
  };
}
