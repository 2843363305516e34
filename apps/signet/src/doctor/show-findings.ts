import { harmless } from '../harmless.js';
import type { Finding, State } from './verdict.js';

const colours: Readonly<Record<State, string>> = { ok: '32', warning: '33', fault: '31' };

/** What was found, as a person reads it: a line each, what is to be done beneath. The same of several subjects is told once. */
export function linesOf(findings: readonly Finding[], { colour }: { readonly colour: boolean }): string[] {
  const paint = (state: State, text: string) => (colour ? `\u001b[${colours[state]}m${text}\u001b[0m` : text);
  const rows = together(findings);
  const width = Math.max(...rows.map(({ check }) => check.length));
  return [
    ...rows.flatMap(({ check, state, subjects, found, advice }) => [
      `${paint(state, state.padEnd(7))}  ${check.padEnd(width)}  ${harmless([subjects.filter((one) => one !== '').join(', '), found].filter((part) => part !== '').join(': '))}`,
      ...(advice === undefined ? [] : [`${' '.repeat(9)}→ ${harmless(advice)}`]),
    ]),
    '',
    summaryOf(findings),
  ];
}

export function summaryOf(findings: readonly Finding[]): string {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length;
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${count('ok')} ok, ${plural(count('warning'), 'warning')}, ${plural(count('fault'), 'fault')}.`;
}

interface Row extends Omit<Finding, 'subject'> {
  readonly subjects: string[];
}

function together(findings: readonly Finding[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { subject, ...rest } of findings) {
    const key = JSON.stringify([rest.check, rest.state, rest.found, rest.advice]);
    const row = rows.get(key);
    if (row) row.subjects.push(subject);
    else rows.set(key, { ...rest, subjects: [subject] });
  }
  return [...rows.values()];
}
