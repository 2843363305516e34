import { accountClaims, identifierKey, micros, plusSeconds, text, type Micros } from '@signet/contracts';
import type { SetupProblem } from '@signet/pages';
import type { RequestParameters } from '@signet/protocol';
import { z } from 'zod';
import type { Browser } from '../interaction/browser.js';
import { isSoundPassword, normalizePassword } from '../sign-in/sound-password.js';

/** Seconds that a person has for the page. */
const lifetime = 1_800;

const digest = z.string().length(43);
const sealed = z.object({
  expiresAt: micros,
  /** Of the code, once this browser has given the right one. */
  codeHash: digest.optional(),
});

export function sealSetup(browser: Browser, codeHash: string | undefined, now: Micros): string {
  const content: z.input<typeof sealed> = { expiresAt: plusSeconds(now, lifetime), ...(codeHash && { codeHash }) };
  return browser.sealForm('setup', JSON.stringify(content));
}

/** A form that this browser was shown; undefined for any other. */
export function openSetupForm(
  browser: Browser,
  form: RequestParameters,
  now: Micros,
): { readonly expired: boolean; readonly codeHash: string | undefined } | undefined {
  const opened = browser.openForm('setup', form.get('interaction'));
  if (opened === undefined) return undefined;
  const { data } = sealed.safeParse(JSON.parse(opened));
  return data && { expired: data.expiresAt <= now, codeHash: data.codeHash };
}

/** Who is to be the administrator. */
export interface SetupPerson {
  readonly username: string;
  /** In NFC. */
  readonly password: string;
  readonly claims: { readonly name?: string; readonly email?: string };
}

/** What was typed, to be shown again. */
export const typedOf = (form: RequestParameters) => {
  const of = (field: string) => (form.get(field) ?? '').trim().slice(0, 320);
  return { username: of('username'), name: of('name'), email: of('email') };
};

export function readPerson(form: RequestParameters): SetupPerson | SetupProblem {
  const filled = (field: string) => {
    const value = form.get(field)?.trim();
    return value === '' ? undefined : value;
  };
  const username = text(320, 1)
    .refine((value) => identifierKey(value) !== '')
    .safeParse(filled('username'));
  if (!username.success) return 'username-missing';
  const password = normalizePassword(form.get('password') ?? '');
  if (!isSoundPassword(password)) return 'password-length';
  if (password !== normalizePassword(form.get('password_again') ?? '')) return 'passwords-differ';
  const name = accountClaims.shape.name.safeParse(filled('name'));
  if (!name.success) return 'invalid-name';
  const email = accountClaims.shape.email.safeParse(filled('email'));
  if (!email.success) return 'invalid-email';
  const claims = {
    ...(name.data !== undefined && { name: name.data }),
    ...(email.data !== undefined && { email: email.data }),
  };
  return { username: username.data, password, claims };
}
