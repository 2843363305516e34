import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';

const program = new URL('../bin/signet.cjs', import.meta.url).pathname;

it.each([['schema'], ['events', 'catalogue']])('signet %s %s ends quietly where nobody reads on', async (...words) => {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [said, ended] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([said, ended[0]]).toEqual(['', 0]);
});
