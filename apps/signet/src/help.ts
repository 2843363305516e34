import type { Command } from './command.js';

const helpOptions: readonly string[] = ['--help', '-h'];

/** What a command line asks to be told, in words of commands: nothing for all of them. Undefined where it asks for no help. */
export function helpAsked(given: readonly string[]): readonly string[] | undefined {
  const options = given.includes('--') ? given.slice(0, given.indexOf('--')) : given;
  if (given.length > 0 && given[0] !== 'help' && !options.some((word) => helpOptions.includes(word))) return undefined;
  return wordsOf(given[0] === 'help' ? given.slice(1) : given);
}

/** The words before the first option. */
export function wordsOf(given: readonly string[]): readonly string[] {
  const firstOption = given.findIndex((word) => word.startsWith('-'));
  return firstOption === -1 ? given : given.slice(0, firstOption);
}

/** How the commands are called that these words lead to, be it the whole of one or the first word of many; undefined where there is none. */
export function help(commands: readonly Command[], about: readonly string[]): string | undefined {
  const within = commands.filter((command) => leadsTo(about, command));
  if (within.length === 0) return undefined;
  const rows = within.map(({ words, usage, summary }) => ({
    call: `signet ${[...words, usage].join(' ').trim()}`,
    summary,
  }));
  return ['Usage:', ...rows.map(({ call, summary }) => `  ${call}\n      ${summary}`)].join('\n');
}

/** That there is no such command, and how those are called that the longest beginning of its words leads to. */
export function noCommand(commands: readonly Command[], given: readonly string[]): string {
  const words = wordsOf(given);
  const beginnings = [...words, ''].map((_, index) => words.slice(0, words.length - index));
  const near = beginnings.map((beginning) => help(commands, beginning)).find((text) => text !== undefined);
  const name = words.length > 0 ? words.join(' ') : (given[0] ?? '');
  return [`no command "${name}"`, near].join('\n');
}

/** Beyond the command's own words are its arguments. */
function leadsTo(about: readonly string[], { words }: Command): boolean {
  return words.every((word, index) => index >= about.length || about[index] === word);
}
