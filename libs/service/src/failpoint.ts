import { readFileSync } from 'node:fs';
import { failpointNames, type Failpoint, type FailpointName } from '@signet/contracts';

export interface NamedFailpoint {
  readonly name: FailpointName;
  readonly detail: string | undefined;
}

/** One of them, or whichever a file names: looked up each time that one is reached, none while there is no file. */
export type FailpointSetting = NamedFailpoint | { readonly file: string };

/** `<name>[:<detail>]`; undefined for what is none. */
export function parseFailpoint(text: string): NamedFailpoint | undefined {
  const [given, ...detail] = text.split(':');
  const name = failpointNames.find((known) => known === given);
  return name && { name, detail: detail.length > 0 ? detail.join(':') : undefined };
}

/** Ends the process at the named point as a power cut would. With a detail only there: a statement, a subject, a route. */
export function failpointOf(setting: FailpointSetting): Failpoint {
  return (name, detail) => {
    const wanted = 'file' in setting ? namedIn(setting.file) : setting;
    if (name !== wanted?.name || (wanted.detail !== undefined && wanted.detail !== detail)) return;
    process.kill(process.pid, 'SIGKILL');
    // The signal takes effect between two instructions, and nothing after this point may happen.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}

function namedIn(file: string): NamedFailpoint | undefined {
  try {
    return parseFailpoint(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
