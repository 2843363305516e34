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
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** `share` of `over` laid on `under`, from 0 to 1. */
export function mix(under: Rgb, over: Rgb, share: number): Rgb {
  const channel = (at: 0 | 1 | 2) => Math.round(under[at] * (1 - share) + over[at] * share);
  return [channel(0), channel(1), channel(2)];
}

/** WCAG 2.2 contrast ratio, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/**
 * The colour itself, or the nearest lightness of it that has `ratio` on every ground: `lighter` or `darker` of the same
 * hue, and as vivid as sRGB allows.
 */
export function reachContrast(colour: Rgb, way: 'lighter' | 'darker', ratio: number, grounds: readonly Rgb[]): Rgb {
  const enough = (candidate: Rgb) => grounds.every((ground) => contrast(candidate, ground) >= ratio);
  if (enough(colour)) return colour;
  const [start, a, b] = toOklab(colour);
  const end = way === 'lighter' ? 1 : 0;
  for (let step = 1; step < STEPS; step += 1) {
    const candidate = fromOklab([start + ((end - start) * step) / STEPS, a, b]);
    if (enough(candidate)) return candidate;
  }
  return way === 'lighter' ? [255, 255, 255] : [0, 0, 0];
}

const STEPS = 64;

/** Lightness, and two axes of hue and vividness; the matrices are those of CSS Color 4 section 10.1. */
type Oklab = readonly [number, number, number];

function toOklab(colour: Rgb): Oklab {
  const [r, g, b] = [linear(colour[0]), linear(colour[1]), linear(colour[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** A colour that sRGB does not have is made paler until it does, so that its hue stays. */
function fromOklab([lightness, a, b]: Oklab): Rgb {
  for (let vividness = 1; ; vividness -= 0.05) {
    const channels = linearChannels([lightness, a * vividness, b * vividness]);
    const fits = channels.every((channel) => channel >= -0.0005 && channel <= 1.0005);
    if (fits || vividness <= 0) return [encode(channels[0]), encode(channels[1]), encode(channels[2])];
  }
}

function linearChannels([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function luminance(colour: Rgb): number {
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Whole channels, so that a contrast is measured on the colour that is shown. */
function encode(linearChannel: number): number {
  const value = Math.min(1, Math.max(0, linearChannel));
  return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
}
