import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { composeWords, project, tearDownWords, withProject } from './compose-project.mjs';

const root = path.resolve(import.meta.dirname, '../..');

describe('the Compose project of test:containers', () => {
  it('is not the one that the file names', () => {
    const words = composeWords('up', '--detach');
    expect(words.slice(0, 3)).toEqual(['compose', '--project-name', project]);
    expect(project).not.toBe('signet');
    expect(words).toContain(path.join(root, 'docker-compose.yml'));
    expect(words.slice(-2)).toEqual(['up', '--detach']);
  });

  it('takes the volumes of that project with it, and of no other', () => {
    expect(tearDownWords.slice(0, 3)).toEqual(['compose', '--project-name', project]);
    expect(tearDownWords).toEqual(expect.arrayContaining(['down', '--volumes']));
  });

  it.each([
    ['holds', {}, ['build', 'up', 'work', 'down'], true],
    ['does not hold', { work: () => Promise.resolve(false) }, ['build', 'up', 'work', 'told', 'down'], false],
    ['breaks', { work: () => Promise.reject(new Error('broken')) }, ['build', 'up', 'work', 'told', 'down'], 'broken'],
    ['does not start', { fails: 'up' }, ['build', 'up', 'told', 'down'], 'no up'],
  ])(
    'is taken down where what is tested %s',
    async (_, { work = () => Promise.resolve(true), fails }, all, outcome) => {
      const done = [];
      const docker = (_what, words) => {
        const verb = words.find((word) => ['build', 'up', 'down'].includes(word));
        done.push(verb);
        return verb === fails ? Promise.reject(new Error(`no ${verb}`)) : Promise.resolve();
      };
      const options = { docker, work: () => (done.push('work'), work()), told: async () => void done.push('told') };
      expect(await withProject(options).catch(({ message }) => message)).toBe(outcome);
      expect(done).toEqual(all);
    },
  );
});
