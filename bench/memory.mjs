import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** MiB that a process has to itself, shared pages counted in proportion (PSS); elsewhere than on Linux its resident set. */
export function memoryOf(pid) {
  const rollup = `/proc/${pid}/smaps_rollup`;
  const kilobytes = existsSync(rollup)
    ? /^Pss:\s+(\d+) kB/m.exec(readFileSync(rollup, 'utf8'))[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kilobytes) / 1024;
}
