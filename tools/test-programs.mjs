import { existsSync } from 'node:fs';
import path from 'node:path';

import { run, step, StepError } from './steps.mjs';

/** Programs that the end-to-end tests drive, and the Debian packages that they come in. */
const programs = [
  { names: ['chromium', 'chromium-browser', 'google-chrome'], debianPackage: 'chromium' },
  { names: ['nginx'], debianPackage: 'nginx' },
  { names: ['pg_ctlcluster'], debianPackage: 'postgresql' },
];

const directories = () =>
  [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'].filter(Boolean);
const isThere = ({ names }) =>
  names.some((name) => directories().some((directory) => existsSync(path.join(directory, name))));

/** Makes sure that a browser, a reverse proxy and Debian's own PostgreSQL are there: by apt-get as root, else with a failure that names the packages. */
export async function ensureTestPrograms() {
  const missing = programs.filter((program) => !isThere(program)).map(({ debianPackage }) => debianPackage);
  if (missing.length === 0) return;
  const names = missing.join(' and ');
  const advice = `Install the Debian package ${names} (apt-get install ${missing.join(' ')}), or the same program otherwise, so that it is on the PATH.`;
  const aptGet = directories().some((directory) => existsSync(path.join(directory, 'apt-get')));
  if (process.getuid?.() !== 0 || !aptGet) throw new StepError(`The end-to-end tests need ${names}.`, advice);
  const options = { advice, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, mayOutliveUs: true };
  await step(`installing ${names} for the end-to-end tests`, async () => {
    await run('apt-get', ['-q', 'update'], options);
    await run('apt-get', ['-q', '-y', '--no-install-recommends', 'install', ...missing], options);
  });
}
