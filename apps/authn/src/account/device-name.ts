/** In their order: what comes later calls itself by the names of what comes before it. */
const browsers = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Vivaldi', /\bVivaldi\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//],
  ['Safari', /\bVersion\/[\d.]+ .*\bSafari\//],
] as const;

const systems = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows NT\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const;

export interface DeviceName {
  readonly browser?: string;
  readonly system?: string;
}

/**
 * What a person knows their device by, of what it says of itself (RFC 9110 section 10.1.5): nothing is decided by it. Browsers freeze what
 * they tell beyond these names, so there is no more to be had of it.
 */
export function deviceName(userAgent: string): DeviceName {
  const [browser] = browsers.find(([, form]) => form.test(userAgent)) ?? [];
  const [system] = systems.find(([, form]) => form.test(userAgent)) ?? [];
  return { ...(browser !== undefined && { browser }), ...(system !== undefined && { system }) };
}
