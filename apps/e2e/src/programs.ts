import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const root = path.resolve(import.meta.dirname, '../../..');

/** On Linux a program of a test does not outlive the test's own process, however that ends. */
const tether =
  process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0
    ? ['setpriv', '--pdeathsig', 'KILL']
    : [];

/** A process of a test, its output in a file. */
export class Program {
  private readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    readonly log: string,
  ) {
    const [file, ...rest] = [...tether, command, ...args];
    this.child = spawn(file ?? command, rest, {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = createWriteStream(log, { flags: 'a' });
    this.child.stdout?.pipe(output, { end: false });
    this.child.stderr?.pipe(output, { end: false });
    this.exited = new Promise((resolve) =>
      this.child.once('exit', (code) => {
        output.end();
        resolve(code);
      }),
    );
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Stops it where it stands; it goes on at SIGCONT. */
  async pause(): Promise<void> {
    this.child.kill('SIGSTOP');
    const state = () => spawnSync('ps', ['-o', 'state=', '-p', String(this.pid)], { encoding: 'utf8' }).stdout.trim();
    await until(`${this.name} to stand still`, () => Promise.resolve(state().startsWith('T') || undefined));
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.running) this.child.kill(signal);
    await this.exited;
  }
}

/** Runs the built `signet` command; gives what it printed, and throws what it complained of. */
export async function signet(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, ['apps/signet/bin/signet.cjs', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', SIGNET_DATA: '/nonexistent', ...env },
  });
  let out = '';
  let complaint = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`signet ${args.join(' ')} ended with ${String(code)}: ${complaint}`);
  return out;
}

/** Polls until `probe` gives something; a test that waits for more than `seconds` has failed. */
export async function until<T>(what: string, probe: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const found = await probe().catch(() => undefined);
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`still waiting for ${what}`);
    await pause(25);
  }
}

/**
 * Asks over and over until `check` passes. Fails if it does not for what was asked a second after `acknowledged` or later: when an answer comes is the
 * machine's affair, what it may not say any more is ours (docs/adr/0002).
 */
export async function withinASecond(acknowledged: number, check: () => Promise<void>): Promise<void> {
  for (;;) {
    const asked = performance.now();
    try {
      await check();
      return;
    } catch (error) {
      if (asked - acknowledged > 1_000) throw error;
    }
  }
}
