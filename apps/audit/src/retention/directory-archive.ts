import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { v7 } from 'uuid';
import type { Archive } from './archive.js';

/** A directory; with several replicas one that all of them see. A file is there whole or not at all, also after a power cut. */
export class DirectoryArchive implements Archive {
  constructor(private readonly root: string) {}

  async keep(name: string, content: Uint8Array): Promise<void> {
    const target = path.join(this.root, name);
    const directory = path.dirname(target);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const unfinished = path.join(directory, `.${v7()}`);
    try {
      const file = await open(unfinished, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, target);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    for (let at = directory; ; at = path.dirname(at)) {
      await syncDirectory(at);
      if (at === path.resolve(this.root) || at === path.dirname(at)) return;
    }
  }
}

/** The names in it; file systems that know no such thing have nothing to lose by it. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
