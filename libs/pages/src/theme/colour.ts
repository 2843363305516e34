/** sRGB channels from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** `#rgb` or `#rrggbb`, else undefined. */
export function parseHexColour(text: string): Rgb | undefined {
  const digits = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text) ? text.slice(1) : undefined;
  if (digits === undefined) return undefined;
  const wide = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const channel = (at: number) => Number.parseInt(wide.slice(at, at + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

export function toHex(colour: Rgb): string {
  return `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** `share` of `over` laid on `under`, from 0 to 1. */
export function mix(under: Rgb, over: Rgb, share: number): Rgb {
  const channel = (at: 0 | 1 | 2) => under[at] * (1 - share) + over[at] * share;
  return [channel(0), channel(1), channel(2)];
}

/** WCAG 2.2 contrast ratio, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The colour itself, or the nearest step from it towards `pole` that has `ratio` on every ground. */
export function reachContrast(colour: Rgb, pole: Rgb, ratio: number, grounds: readonly Rgb[]): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const candidate = mix(colour, pole, share);
    if (grounds.every((ground) => contrast(candidate, ground) >= ratio)) return candidate;
  }
  return pole;
}

function luminance(colour: Rgb): number {
  const linear = (channel: number) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}
