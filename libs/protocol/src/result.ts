import type { OAuthError } from './errors/oauth-error.js';

/** What an expected failure looks like; only bugs and lost dependencies are thrown. */
export type Result<T, E = OAuthError> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const fail = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });
