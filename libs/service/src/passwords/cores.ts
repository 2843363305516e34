import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/**
 * Cores that this process may keep busy, at least one: those of the machine that it may run on, or as many as the limit of its container's control group
 * comes to, rounded up. Linux alone has such a limit.
 */
export function usableCores(all = availableParallelism(), fileOf = read): number {
  return Math.max(1, Math.min(all, Math.ceil(quotaOf(fileOf) ?? all)));
}

/** In cores; undefined where there is no limit. */
function quotaOf(fileOf: (file: string) => string | undefined): number | undefined {
  // Version 2: "200000 100000", or "max 100000". Version 1: a file each, and -1.
  const [quota, period] =
    fileOf('/sys/fs/cgroup/cpu.max')?.trim().split(' ') ??
    ['quota', 'period'].map((name) => fileOf(`/sys/fs/cgroup/cpu/cpu.cfs_${name}_us`)?.trim());
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}
