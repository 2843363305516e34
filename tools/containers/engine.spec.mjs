import { describe, expect, it } from '@jest/globals';

import { engineFault } from './engine.mjs';

const answered = (stdout) => ({ status: 0, stdout, stderr: '' });
const failed = (stderr) => ({ status: 1, stdout: '\n', stderr });

describe('without containers', () => {
  it.each([
    [
      'no program',
      () => ({ status: null, error: Object.assign(new Error('spawn docker ENOENT'), { code: 'ENOENT' }) }),
      'npm run test:containers needs a container engine, and there is no program `docker` here.',
    ],
    [
      'no engine',
      () => failed('Cannot connect to the Docker daemon at unix:///a. Is the docker daemon running?\n'),
      'npm run test:containers needs a container engine, and none answers: Cannot connect to the Docker daemon at unix:///a.',
    ],
    [
      'no Compose',
      (word) =>
        word === 'version'
          ? answered('28.0.0')
          : failed("docker: unknown command: docker compose\n\nRun 'docker --help'\n"),
      "npm run test:containers needs Docker Compose 2, and `docker compose` fails: Run 'docker --help'.",
    ],
    ['nothing lacking', () => answered('2.40.0'), undefined],
  ])('%s is told in one sentence', (_, docker, sentence) => {
    expect(engineFault(docker)).toBe(sentence);
  });
});
