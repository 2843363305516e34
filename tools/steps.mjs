import { spawn } from 'node:child_process';

import { dyingWithUs } from './parent-death.mjs';

/** A fault that its reader can do something about; `advice` says what. */
export class StepError extends Error {
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

const commands = new Set();
let interrupted = false;

/** Breaks off the commands that are running, and lets no further step begin. A step broken off is done anew the next time. */
export function interruptSteps() {
  interrupted = true;
  for (const child of commands) child.kill('SIGKILL'); // npm would first take back what it has installed
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Does one step of the way, and prints what it is and how long it took. */
export async function step(what, action) {
  if (interrupted) throw new StepError(`interrupted before: ${what}`);
  const began = performance.now();
  process.stdout.write(`· ${what} … `);
  try {
    const result = await action();
    process.stdout.write(`${seconds(began)}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${interrupted ? 'broken off' : 'failed'} after ${seconds(began)}\n`);
    throw error;
  }
}

/**
 * Runs a command to its end and gives its output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ advice: string, cwd?: string, env?: NodeJS.ProcessEnv, mayOutliveUs?: boolean }} options `advice`: what to do if it
 *   fails; `mayOutliveUs`: it is worse to break it off than to let it end by itself
 * @returns {Promise<string>}
 */
export function run(command, args, { advice, cwd, env = process.env, mayOutliveUs = false }) {
  const [file, ...rest] = [...(mayOutliveUs ? [] : dyingWithUs('KILL')), command, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    if (!mayOutliveUs) commands.add(child);
    let output = '';
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => ((output += text), (stdout += text)));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => reject(new StepError(`${command}: ${error.message}`, advice)));
    child.once('close', (code, signal) => {
      commands.delete(child);
      if (code === 0) resolve(stdout);
      else
        reject(
          new StepError(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${output.trimEnd()}`, advice),
        );
    });
  });
}

/** Runs an entry's work: a StepError is told without a stack; any failure exits with 1. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    console.error(`\n${error instanceof StepError ? error.message : error.stack}`);
    if (error.advice) console.error(`\n${error.advice}`);
    process.exitCode = 1;
  }
}

/** Runs a command in this terminal; tells whether it ended well. */
export function passes(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}
