import { z } from 'zod';

const isWellFormed = (text: string) => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);

/** Text that Postgres, JSON and a log can all hold: no NUL, no lone surrogate, at most `max` UTF-16 units. */
export function text(max: number, min = 0) {
  return z.string().min(min).max(max).refine(isWellFormed, 'must be well-formed text without NUL');
}

/** `value` made fit for an event: NULs and lone surrogates replaced, cut at `max`. For what an unknown sender typed. */
export function clean(value: string, max: number): string {
  return Array.from(value.slice(0, max), (character) => (isWellFormed(character) ? character : '\uFFFD')).join('');
}

/** 32 bytes (a SHA-256, a digest) in base64url without padding. */
export const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const clientId = text(255, 1);
export const scopeName = z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,128}$/);
export const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
