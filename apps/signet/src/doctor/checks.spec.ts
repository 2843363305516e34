import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checks } from './checks.js';
import { Examined } from './examined.js';
import { runChecks } from './run-checks.js';
import { linesOf } from './show-findings.js';
import { fault, ok, warning, type Check } from './verdict.js';

it('docs/operations/doctor.md has each check, with what it holds to be right, in this order', () => {
  const page = readFileSync('docs/operations/doctor.md', 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z.]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, name, about]) => ({
    name,
    about,
  }));
  expect(rows).toEqual(checks.map(({ name, about }) => ({ name, about })));
});

const examined = new Examined({ SIGNET_DATA: '/nonexistent' });
const check = (name: string, run: Check['run']): Check => ({ name, about: '', run });

describe('a run of checks', () => {
  it('goes on after one that fails, in the order of the checks', async () => {
    const findings = await runChecks(
      [
        check('first', () => Promise.reject(new Error('a bug'))),
        check('second', () => Promise.resolve([{ subject: 'token', ...ok('fine') }])),
      ],
      examined,
    );
    expect(findings.map(({ check: name, state, found }) => [name, state, found])).toEqual([
      ['first', 'fault', 'the check failed: a bug'],
      ['second', 'ok', 'fine'],
    ]);
  });

  it('tells what is the same of several subjects once, and what to do beneath it', () => {
    const lines = linesOf(
      [
        { check: 'a', subject: 'token', ...ok('fine') },
        { check: 'a', subject: 'audit', ...ok('fine') },
        { check: 'a.b', subject: 'authn', ...warning('odd', 'look') },
        { check: 'a.b', subject: '', ...fault('\u001b[2J', 'mend') },
      ],
      { colour: false },
    );
    expect(lines).toEqual([
      'ok       a    token, audit: fine',
      'warning  a.b  authn: odd',
      '         → look',
      'fault    a.b  \\u001b[2J',
      '         → mend',
      '',
      '2 ok, 1 warning, 1 fault.',
    ]);
  });

  it('finds one fault in an environment without anything, beside a keyring and an issuer that are not there', async () => {
    const findings = await runChecks(checks, new Examined({ SIGNET_DATA: '/nonexistent', PORT: '1' }));
    expect(findings.filter(({ state }) => state === 'fault').map(({ check: name }) => name)).toEqual([
      'configuration',
      'keyring.file',
      'issuer.discovery',
    ]);
  });
});
