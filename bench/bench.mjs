import { main, StepError } from '../tools/steps.mjs';

/** `npm run bench -- <name>`: figures of this machine, printed as they are measured. Nothing asserts them. */
const benches = {
  'audit-outage': () => import('./audit-outage.mjs'),
  events: () => import('./events.mjs'),
  recording: () => import('./recording.mjs'),
  scim: () => import('./scim.mjs'),
  size: () => import('./size.mjs'),
  start: () => import('./start.mjs'),
  tenants: () => import('./tenants.mjs'),
};

await main(async () => {
  const [name = '', ...rest] = process.argv.slice(2);
  const found = benches[name];
  if (!found) throw new StepError(`There is no bench “${name}”.`, `There are: ${Object.keys(benches).join(', ')}.`);
  await (await found()).run(rest);
});
