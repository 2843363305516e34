import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { version } from '@signet/service';

const program = new URL('../bin/signet.cjs', import.meta.url).pathname;

function signet(...given: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...given], { encoding: 'utf8' });
  return { status, stdout, said: stderr.split('\n')[0], calls: `${stdout}${stderr}`.match(/^ {2}signet \S+/gm) ?? [] };
}

it.each([
  [['bogus'], 'bogus'],
  [['bogus', '--help'], 'bogus'],
  [['help', 'bogus'], 'bogus'],
  [['--bogus'], '--bogus'],
])('signet %j is no command', (given, name) => {
  const answer = signet(...given);
  expect(answer).toMatchObject({ status: 2, stdout: '', said: `signet: no command "${name}"` });
  expect(answer.calls).toContain('  signet serve');
});

it.each([[['audit', 'bogus']], [['audit', 'bogus', '-h']], [['help', 'audit', 'bogus']]])(
  'signet %j is shown what begins so',
  (given) => {
    const { status, said, calls } = signet(...given);
    expect([status, said]).toEqual([2, 'signet: no command "audit bogus"']);
    expect([...new Set(calls)]).toEqual(['  signet audit']);
  },
);

it('signet audit --help tells of its commands, and is no mistake', () => {
  expect(signet('audit', '--help')).toMatchObject({ status: 0, said: '' });
});

it('signet --version prints the version alone', () => {
  expect(signet('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
});
