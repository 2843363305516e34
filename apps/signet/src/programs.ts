import type { OneProcessHooks } from './one-process.js';

// The one script (docs/adr/0009) begins here. Each program loads what it needs, and no other.

/** The five services as this process. */
export async function runOneProcess(hooks: OneProcessHooks): Promise<void> {
  const { runOneProcess: run } = await import('./one-process.js');
  await run(hooks);
}

/** The `signet` command line. `afterOpen` is called when the command is done, or when the service that it runs has said that it is ready. */
export async function runCommand(given: readonly string[], afterOpen?: () => void): Promise<void> {
  const { runCommand: run } = await import('./cli.js');
  await run(given, afterOpen);
}
