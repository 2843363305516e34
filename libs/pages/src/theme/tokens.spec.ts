import { describe, expect, it } from '@jest/globals';
import { contrast, parseHexColour } from './colour.js';
import type { Rgb } from './colour.js';
import { themeTokens } from './tokens.js';
import type { ThemeTokens } from './tokens.js';

const ACCENTS = [
  undefined,
  '#000',
  '#fff',
  '#ffd400',
  '#7c3aed',
  '#ff0000',
  '#00ff00',
  '#0000ff',
  '#808080',
  '#777776',
];

/** Text and the ground it is read on: 4.5:1 (WCAG 2.2, 1.4.3). */
const TEXT: readonly (readonly [keyof ThemeTokens, keyof ThemeTokens])[] = [
  ['text', 'canvas'],
  ['text', 'surface'],
  ['text', 'sunken'],
  ['text', 'danger-tint'],
  ['muted', 'canvas'],
  ['muted', 'surface'],
  ['muted', 'sunken'],
  ['accent', 'surface'],
  ['accent', 'sunken'],
  ['accent', 'tint'],
  ['on-solid', 'solid'],
  ['on-solid', 'solid-hover'],
  ['danger', 'surface'],
  ['danger', 'danger-tint'],
];

/** What shows where a control is, and that it has the focus: 3:1 (WCAG 2.2, 1.4.11). */
const SHAPES: readonly (readonly [keyof ThemeTokens, keyof ThemeTokens])[] = [
  ['field-line', 'surface'],
  ['solid-edge', 'surface'],
  ['accent', 'canvas'],
  ['danger', 'surface'],
];

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  it.each(ACCENTS)('keeps WCAG AA with the accent %s', (accent) => {
    const tokens = themeTokens(theme, accent);
    const low = (pairs: typeof TEXT, least: number) =>
      pairs
        .map(([front, ground]) => ({ front, ground, ratio: contrast(colour(tokens[front]), colour(tokens[ground])) }))
        .filter(({ ratio }) => ratio < least);
    expect(low(TEXT, 4.5)).toEqual([]);
    expect(low(SHAPES, 3)).toEqual([]);
  });

  it.each(['red', '#12', '#12345', '#1234567', 'url(x)', '#fff;}body{', '</style>', ''])(
    'takes the accent %j for none',
    (accent) => {
      expect(themeTokens(theme, accent)).toEqual(themeTokens(theme, undefined));
    },
  );
});

it.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#767676', '#ffffff', 4.54],
] as const)('the contrast of %s and %s is %d', (a, b, ratio) => {
  expect(contrast(colour(a), colour(b))).toBeCloseTo(ratio, 2);
});

function colour(hex: string): Rgb {
  const parsed = parseHexColour(hex);
  if (!parsed) throw new Error(`not a colour: ${hex}`);
  return parsed;
}
