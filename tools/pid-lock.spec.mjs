import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { takeLock, withLock } from './pid-lock.mjs';

describe('a lock', () => {
  let directory;
  let file;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'signet-lock-'));
    file = path.join(directory, 'below', 'a.lock');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is held by one process until it lets go', () => {
    const lock = takeLock(file);
    expect(takeLock(file)).toEqual({ heldBy: process.pid });
    lock.release();
    expect(existsSync(file)).toBe(false);
    takeLock(file).release();
  });

  it.each([
    ['a process that is gone', '4194999\nnever\n'],
    ['an older process of the same number', `${process.pid}\nlong ago\n`],
    ['nobody', ''],
  ])('is taken over from %s', (_, content) => {
    takeLock(file).release();
    writeFileSync(file, content);
    expect(takeLock(file)).toHaveProperty('release');
  });

  it('is waited for', async () => {
    const module = path.resolve(import.meta.dirname, 'pid-lock.mjs');
    const program = `import { takeLock } from ${JSON.stringify(module)};
      const lock = takeLock(${JSON.stringify(file)});
      process.stdout.write('taken');
      process.stdin.on('data', () => { lock.release(); process.exit(); });`;
    const other = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const waitedFor = [];
    const onWait = (pid) => {
      waitedFor.push(pid);
      other.stdin.write('let go');
    };
    await expect(withLock(file, { onWait }, async () => 'done')).resolves.toBe('done');
    expect(waitedFor).toEqual([other.pid]);
    expect(existsSync(file)).toBe(false);
  });
});
