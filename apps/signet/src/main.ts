import { runOneProcess } from './one-process.js';

await runOneProcess();
