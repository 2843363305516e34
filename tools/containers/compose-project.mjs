import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Of its own, so that a deployment of the same file keeps its containers and volumes. */
export const project = 'signet-test-containers';

/** Words for `docker` that speak of docker-compose.yml as this project. */
export const composeWords = (...words) => [
  ...['compose', '--project-name', project, '--project-directory', root],
  ...['--file', path.join(root, 'docker-compose.yml'), ...words],
];

/** With everything that it has made: containers, networks, and its own volumes. */
export const tearDownWords = composeWords('down', '--volumes', '--remove-orphans', '--timeout', '60');

/**
 * Builds the images, starts the project, does `work` and takes everything down again, whatever came of it. Where something fails, `told` has been called before.
 * @param {{ docker: (what: string, words: string[]) => Promise<unknown>, work: () => Promise<boolean>, told: () => Promise<unknown> }} options
 * @returns {Promise<boolean>} what `work` gave
 */
export async function withProject({ docker, work, told }) {
  let held = false;
  try {
    await docker('building the images', composeWords('build'));
    await docker('starting them', composeWords('up', '--detach', '--no-build'));
    held = await work();
    return held;
  } finally {
    if (!held) await told();
    await docker('taking everything down', tearDownWords);
  }
}
