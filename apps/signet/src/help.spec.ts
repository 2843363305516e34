import { describe, expect, it } from '@jest/globals';
import { command } from './command.js';
import { help, helpAsked, noCommand } from './help.js';

const named = (...words: string[]) =>
  command({ words, summary: `What ${words.join(' ')} does.`, options: {}, run: () => Promise.resolve() });
const commands = [named('serve'), named('audit', 'key'), named('audit', 'verify')];

describe('help', () => {
  it.each([
    [[], []],
    [['help'], []],
    [['--help'], []],
    [['-h'], []],
    [['help', 'audit'], ['audit']],
    [['audit', '--help'], ['audit']],
    [
      ['audit', 'verify', 'https://log.example', '--key', 'k', '-h'],
      ['audit', 'verify', 'https://log.example'],
    ],
  ])('is asked for by %j', (given, about) => {
    expect(helpAsked(given)).toEqual(about);
  });

  it.each([[['audit']], [['audit', 'key', '--tenant', 'acme']], [['audit', 'verify', '--', '--help']]])(
    'is not asked for by %j',
    (given) => {
      expect(helpAsked(given)).toBeUndefined();
    },
  );

  const callsIn = (text: string | undefined) =>
    text
      ?.split('\n')
      .filter((line) => line.startsWith('  signet'))
      .map((line) => line.trim());

  it.each([
    [['audit', 'verify'], ['signet audit verify']],
    [['audit', 'verify', 'https://log.example'], ['signet audit verify']],
    [['audit'], ['signet audit key', 'signet audit verify']],
    [[], ['signet serve', 'signet audit key', 'signet audit verify']],
    [['nothing'], undefined],
    [['audit', 'nothing'], undefined],
  ])('about %j tells how these are called: %j', (about, calls) => {
    expect(callsIn(help(commands, about))).toEqual(calls);
  });

  it.each([
    [['nothing'], 'nothing', ['signet serve', 'signet audit key', 'signet audit verify']],
    [['--nothing'], '--nothing', ['signet serve', 'signet audit key', 'signet audit verify']],
    [['audit'], 'audit', ['signet audit key', 'signet audit verify']],
    [['audit', 'nothing', '--at', 'all'], 'audit nothing', ['signet audit key', 'signet audit verify']],
  ])('of %j, which is no command, tells its name %j and how these are called: %j', (given, name, calls) => {
    const text = noCommand(commands, given);
    expect(text.split('\n')[0]).toBe(`no command "${name}"`);
    expect(callsIn(text)).toEqual(calls);
  });
});
