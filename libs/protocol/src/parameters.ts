import { invalidRequest } from './errors/oauth-error.js';
import type { OAuthError } from './errors/oauth-error.js';

/** The parameters of one request, by name. Only `resource` may have several values (RFC 8707 section 2). */
export interface RequestParameters {
  get(name: string): string | undefined;
  all(name: string): readonly string[];
  names(): readonly string[];
}

/**
 * Where something is wrong, `parameters` still holds what is sound and `faulty` names the rest, so that /authorize can
 * tell the client by redirect when client_id and redirect_uri are beyond doubt. Everybody else stops at `error`.
 */
export type ParsedParameters =
  | { readonly ok: true; readonly parameters: RequestParameters }
  | {
      readonly ok: false;
      readonly error: OAuthError;
      readonly parameters: RequestParameters;
      readonly faulty: ReadonlySet<string>;
    };

/** In characters of the raw text, which is ASCII in any well-formed request. */
export const QUERY_LIMIT = 8 * 1024;
export const BODY_LIMIT = 64 * 1024;

const NAME_LIMIT = 128;
const COUNT_LIMIT = 100;
const DEFAULT_VALUE_LIMIT = 8 * 1024;

/** In UTF-16 units of the decoded value. */
const valueLimits: ReadonlyMap<string, number> = new Map([
  ['acr_values', 512],
  ['claims', 4 * 1024],
  ['claims_locales', 256],
  ['client_assertion_type', 128],
  ['client_id', 256],
  ['client_secret', 1024],
  ['code', 512],
  ['code_challenge', 128],
  ['code_challenge_method', 32],
  ['code_verifier', 128],
  ['device_code', 512],
  ['display', 64],
  ['dpop_jkt', 128],
  ['grant_type', 256],
  ['id_token_hint', 6 * 1024],
  ['login_hint', 320],
  ['max_age', 16],
  ['nonce', 1024],
  ['post_logout_redirect_uri', 2048],
  ['prompt', 128],
  ['redirect_uri', 2048],
  ['refresh_token', 512],
  ['resource', 1024],
  ['request', 32 * 1024],
  ['request_uri', 2048],
  ['response_mode', 64],
  ['response_type', 64],
  ['scope', 2048],
  ['state', 2048],
  ['token_type_hint', 64],
  ['ui_locales', 256],
  ['user_code', 64],
]);

const repeatable: ReadonlySet<string> = new Set(['resource']);

export const mayRepeat = (name: string): boolean => repeatable.has(name);

// U+FFFD is what a lossy decoder in front of us leaves behind.
const isWellFormed = (text: string): boolean => !/[\0\ufffd]|\p{Surrogate}/u.test(text);

/** Whether a request may name a parameter so, wherever the name came from. It does not check that it is known. */
export const isParameterName = (name: string): boolean => name.length <= NAME_LIMIT && isWellFormed(name);

/** What is wrong with a value, wherever it came from, or undefined. It does not check its meaning. */
export const valueFault = (name: string, value: string): string | undefined => {
  if (!isWellFormed(value)) return `The parameter ${name} is not well-formed text`;
  return value.length > (valueLimits.get(name) ?? DEFAULT_VALUE_LIMIT)
    ? `The parameter ${name} is too long`
    : undefined;
};

const readable = (values: ReadonlyMap<string, readonly string[]>): RequestParameters => ({
  get: (name) => values.get(name)?.[0],
  all: (name) => values.get(name) ?? [],
  names: () => [...values.keys()],
});

/** Parameters that are known to be sound, for specs and for requests of our own making. */
export const requestParameters = (values: Readonly<Record<string, string | readonly string[]>>): RequestParameters =>
  readable(new Map(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? [value] : value])));

/**
 * Strict where URLSearchParams is lenient: it keeps a stray `%` and replaces bytes that are not UTF-8, so two readers of
 * one request could see two values. decodeURIComponent refuses both, encoded surrogates included.
 */
const decode = (text: string): string | undefined => {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return isWellFormed(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
};

const refused = (description: string): ParsedParameters => ({
  ok: false,
  error: invalidRequest(description),
  parameters: readable(new Map()),
  faulty: new Set(),
});

/**
 * Parses a query string (without `?`) or an application/x-www-form-urlencoded body.
 * RFC 6749 section 3.1 and 3.2: an empty value counts as omitted; no parameter may be there twice.
 * It does not check whether a parameter is known, nor its meaning.
 * `limit`: the longest text accepted, in characters.
 */
export const parseParameters = (raw: string, limit: number = QUERY_LIMIT): ParsedParameters => {
  if (raw.length > limit) return refused(`The request is longer than ${limit} characters`);
  const pairs = raw.split('&').filter((pair) => pair !== '');
  if (pairs.length > COUNT_LIMIT) return refused(`The request has more than ${COUNT_LIMIT} parameters`);

  const values = new Map<string, string[]>();
  const seen = new Set<string>();
  const faults = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (name === undefined || !isParameterName(name))
      return refused('The name of a parameter is malformed or too long');
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (seen.has(name) && !repeatable.has(name)) faults.set(name, `The parameter ${name} is included more than once`);
    else if (value === undefined)
      faults.set(name, `The parameter ${name} is not well-formed UTF-8 text in percent-encoding`);
    else if (valueFault(name, value) !== undefined) faults.set(name, `The parameter ${name} is too long`);
    else if (value !== '') values.set(name, [...(values.get(name) ?? []), value]);
    seen.add(name);
  }
  if (faults.size === 0) return { ok: true, parameters: readable(values) };
  for (const name of faults.keys()) values.delete(name);
  const error = invalidRequest([...faults.values()].join('; '));
  return { ok: false, error, parameters: readable(values), faulty: new Set(faults.keys()) };
};
