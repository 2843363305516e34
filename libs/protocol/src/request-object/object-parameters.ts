import { invalidRequestObject } from '../errors/oauth-error.js';
import { isParameterName, mayRepeat, valueFault } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import type { ResolvedRequest } from './request-objects.js';

/** Claims of the JWT, which ask for nothing (RFC 7519 section 4.1). */
const jwtClaims: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);
/** Whose value is JSON in a query too. */
const jsonParameters: ReadonlySet<string> = new Set(['claims', 'registration', 'authorization_details']);
const COUNT_LIMIT = 100;

/** A value as a query would have it; undefined where it says nothing, null where it is none. */
const textOf = (name: string, value: unknown): string | undefined | null => {
  if (value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  // OpenID Connect Core 1.0 section 6.1: numbers and booleans are JSON's own.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return jsonParameters.has(name) ? JSON.stringify(value) : null;
};

/**
 * The parameters that a request object asks for, as text: RFC 9101 section 4. They are held to what a query is held to:
 * names and values well-formed and of bounded length, one value each (`resource` may be an array, RFC 8707 section 2). It
 * does not check their meaning.
 */
export const objectParameters = (claims: Readonly<Record<string, unknown>>): Result<ResolvedRequest['parameters']> => {
  // RFC 9101 section 4: MUST NOT be included in a request object.
  const nested = ['request', 'request_uri'].find((name) => Object.hasOwn(claims, name));
  if (nested !== undefined) return fail(invalidRequestObject(`The request object has the parameter ${nested}`));
  const members = Object.entries(claims).filter(([name]) => !jwtClaims.has(name));
  if (members.length > COUNT_LIMIT) return fail(invalidRequestObject('The request object has too many parameters'));
  if (!members.every(([name]) => isParameterName(name))) {
    return fail(invalidRequestObject('The name of a parameter in the request object is malformed or too long'));
  }

  const parameters = new Map<string, readonly string[]>();
  for (const [name, value] of members) {
    const values = Array.isArray(value) && mayRepeat(name) ? (value as readonly unknown[]) : [value];
    const texts = values.map((each) => textOf(name, each)).filter((text) => text !== undefined);
    for (const text of texts) {
      const fault = text === null ? `The parameter ${name} is not text` : valueFault(name, text);
      if (fault !== undefined) return fail(invalidRequestObject(`${fault} in the request object`));
    }
    if (texts.length > 0)
      parameters.set(
        name,
        texts.filter((text) => text !== null),
      );
  }
  return ok(Object.fromEntries(parameters));
};
