import type { Failpoint, FailpointName } from '@signet/contracts';

export interface FailpointSetting {
  readonly name: FailpointName;
  readonly detail: string | undefined;
}

/** Ends the process at the named point as a power cut would. With a detail only there: a statement, a subject, a route. */
export function failpointOf(setting: FailpointSetting): Failpoint {
  return (name, detail) => {
    if (name !== setting.name || (setting.detail !== undefined && setting.detail !== detail)) return;
    process.kill(process.pid, 'SIGKILL');
    // The signal takes effect between two instructions, and nothing after this point may happen.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
