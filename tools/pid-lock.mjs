import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A process number alone may be somebody else's by now, so the lock also names the moment at which its holder began. */
function beginning(pid) {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // field 22, counted after the name, which may hold anything but ends with the last parenthesis (proc(5))
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  } catch {
    return '';
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The live process that holds the lock, if any. */
function holder(content) {
  const [pid, began] = content.split('\n');
  return began && beginning(Number(pid)) === began ? Number(pid) : undefined;
}

/**
 * Takes a lock file for this process. A lock whose holder is gone is taken over.
 * @param {string} file
 * @returns {{ release(): void } | { heldBy: number }}
 */
export function takeLock(file) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o711 });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${process.pid}\n${beginning(process.pid)}\n`);
  try {
    for (;;) {
      try {
        linkSync(mine, file); // in one step, content included
        return { release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const content = read(file);
      if (content === undefined) continue;
      const pid = holder(content);
      if (pid !== undefined) return { heldBy: pid };
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * Runs `work` while holding the lock; waits for another process that has it, which is told by `onWait` once.
 * @param {string} file
 * @param {{ onWait(pid: number): void }} options
 * @param {() => Promise<T>} work
 * @template T
 */
export async function withLock(file, { onWait }, work) {
  let told = false;
  let lock = takeLock(file);
  while ('heldBy' in lock) {
    if (!told) onWait(lock.heldBy);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
    lock = takeLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
