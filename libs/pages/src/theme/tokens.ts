import { contrast, mix, parseHexColour, reachContrast, toHex } from './colour.js';
import type { Rgb } from './colour.js';

/** What a stylesheet may use; each is written as the custom property of its name. */
export interface ThemeTokens {
  readonly canvas: string;
  readonly surface: string;
  readonly sunken: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly 'field-line': string;
  readonly solid: string;
  readonly 'solid-hover': string;
  readonly 'solid-edge': string;
  readonly 'on-solid': string;
  readonly accent: string;
  readonly tint: string;
  /** Light from above the card; under nothing that is read. */
  readonly glow: string;
  readonly danger: string;
  readonly 'danger-tint': string;
  readonly 'danger-line': string;
  readonly shadow: string;
}

export type Theme = 'light' | 'dark';

const DEFAULT_ACCENT: Rgb = [0x1b, 0x5e, 0x4b];
const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [14, 20, 18];

const NEUTRALS = {
  light: {
    canvas: '#f4f5f3',
    surface: '#ffffff',
    sunken: '#f7f8f6',
    text: '#161b19',
    muted: '#59625e',
    line: '#e2e6e2',
    'field-line': '#868f8a',
    danger: '#9f1d1a',
    'danger-tint': '#fdf2f1',
    'danger-line': '#efc9c6',
    shadow: '0 1px 2px rgb(20 30 26 / 0.05), 0 12px 40px -12px rgb(20 30 26 / 0.14)',
  },
  dark: {
    canvas: '#0d1110',
    surface: '#151b19',
    sunken: '#1a211f',
    text: '#eaeeec',
    muted: '#a3ada8',
    line: '#28312e',
    'field-line': '#6f7b76',
    danger: '#ffb4ab',
    'danger-tint': '#2c1817',
    'danger-line': '#5d2f2c',
    shadow: '0 1px 2px rgb(0 0 0 / 0.4), 0 16px 48px -12px rgb(0 0 0 / 0.6)',
  },
} as const;

/**
 * The tokens of one theme around a tenant's accent. Whatever the accent, text in it and on it keeps WCAG AA (4.5:1):
 * it is made darker or lighter as far as that takes. What is no hex colour counts as no accent.
 */
export function themeTokens(theme: Theme, accent: string | undefined): ThemeTokens {
  const neutrals = NEUTRALS[theme];
  const asked = (accent === undefined ? undefined : parseHexColour(accent)) ?? DEFAULT_ACCENT;
  const way = theme === 'light' ? 'darker' : 'lighter';
  const surface = rgb(neutrals.surface);
  const tint = mix(surface, asked, theme === 'light' ? 0.08 : 0.22);
  const readable = reachContrast(asked, way, theme === 'light' ? 4.5 : 6.5, [
    surface,
    rgb(neutrals.canvas),
    rgb(neutrals.sunken),
    tint,
  ]);
  // A pale accent stays itself on a light page: its edge, not its fill, sets the button apart (WCAG 2.2, 1.4.11).
  const fill = reachContrast(asked, way, theme === 'light' ? 1.3 : 3, [surface]);
  const onSolid = contrast(fill, INK) >= 4.5 ? INK : WHITE;
  // A few middle greys are too dark for ink and too pale for white.
  const solid = onSolid === INK ? fill : reachContrast(fill, 'darker', 4.5, [WHITE]);
  return {
    ...neutrals,
    solid: toHex(solid),
    'solid-hover': toHex(mix(solid, onSolid === WHITE ? [0, 0, 0] : WHITE, 0.14)),
    'solid-edge': toHex(reachContrast(solid, way, 3, [surface])),
    'on-solid': toHex(onSolid),
    accent: toHex(readable),
    tint: toHex(tint),
    glow: toHex(mix(rgb(neutrals.canvas), asked, theme === 'light' ? 0.12 : 0.2)),
  };
}

function rgb(hex: string): Rgb {
  return parseHexColour(hex) ?? INK;
}
