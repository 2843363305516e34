import { setTimeout as pause } from 'node:timers/promises';

import { memoryOf } from './memory.mjs';
import { startAgain, withOneProcess } from './one-process.mjs';
import { signIn } from './sign-in.mjs';

const starts = 5;
const signIns = 1_000;
const atOnce = 8;

/** Start-up and memory of the one-process form: the database and NATS are up; a start ends when /readyz says so. */
export const run = () => withOneProcess(measure);

async function measure({ origin, start }) {
  const first = await start();
  await first.signetProcess.stop();
  const { signetProcess, seconds } = await startAgain(start, starts);
  console.log(`first start (migrations, keys, configuration)  ${first.seconds.toFixed(2)} s`);
  console.log(`start, median of ${starts}                            ${seconds.toFixed(2)} s`);

  await pause(5_000); // idle: the figure is of a process that has settled
  console.log(`memory (PSS) idle                              ${memoryOf(signetProcess.pid).toFixed(0)} MiB`);
  const began = performance.now();
  let left = signIns;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await signIn(origin);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const rate = signIns / ((performance.now() - began) / 1000);
  console.log(`memory (PSS) after ${signIns} sign-ins               ${memoryOf(signetProcess.pid).toFixed(0)} MiB`);
  console.log(`sign-ins a second, ${atOnce} at once, client on this machine  ${rate.toFixed(0)}`);
  await signetProcess.stop();
}
