import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { root } from './programs.js';

/** Where a test leaves what a person would see. */
export const screenshots = path.join(root, 'artifacts/screenshots');

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A phone and a desktop, in daylight and at night. */
export const looks = [
  { name: 'phone-light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  { name: 'desktop-light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
] as const;

const executablePath = '/usr/bin/chromium';

export const launchChromium = (...more: string[]): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...args, ...more] });

/**
 * A browser with a new profile in `directory`, whose frames of other sites have their cookies or, as this Chromium has it by
 * itself, have none. It takes every certificate: authorities of tests are made for one run.
 */
export async function launchFramingChromium(
  directory: string,
  { frameCookies }: { readonly frameCookies: boolean },
  ...more: string[]
): Promise<BrowserContext> {
  mkdirSync(path.join(directory, 'Default'), { recursive: true });
  const preferences = { profile: { cookie_controls_mode: frameCookies ? 0 : 1 } };
  writeFileSync(path.join(directory, 'Default/Preferences'), JSON.stringify(preferences));
  const options = { executablePath, args: [...args, ...more], ignoreHTTPSErrors: true };
  return await chromium.launchPersistentContext(directory, options);
}
