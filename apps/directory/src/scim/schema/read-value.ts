import { invalid } from '../scim-error.js';
import { subAttribute, type Resource } from './resource-type.js';
import type { Attribute } from './attribute.js';

/** Values of one attribute; more is no person's. */
const mostValues = 100;

/** RFC 7643 section 2.5: what is null or an empty array has no value. Empty text tells nothing either: Okta sends it for none. */
export const isUnassigned = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * `value` as the attribute has it, with the names that the schema has; undefined: it has none. Takes what provisioning clients
 * send beside what they should: "True" for true, a value alone for an array of one, and the reverse. Throws ScimError.
 */
export function readValue(of: Attribute, value: unknown, path = of.name): unknown {
  if (isUnassigned(value)) return undefined;
  if (!of.multiValued) return readOne(of, single(value, path), path);
  const values = Array.isArray(value) ? value : [value];
  if (values.length > mostValues && of.name !== 'members') {
    throw invalid('invalidValue', `${path} has more than ${mostValues} values`);
  }
  const read = values.map((one) => readOne(of, one, path)).filter((one) => one !== undefined);
  if (read.filter(isPrimary).length > 1) throw invalid('invalidValue', `${path} has more than one primary value`);
  return read.length === 0 ? undefined : read;
}

export const isPrimary = (value: unknown): boolean => (value as { primary?: unknown }).primary === true;

/** Entra ID wraps a single value in an array. */
function single(value: unknown, path: string): unknown {
  if (!Array.isArray(value)) return value;
  if (value.length > 1) throw invalid('invalidValue', `${path} has one value`);
  return value[0] as unknown;
}

function readOne(of: Attribute, value: unknown, path: string): unknown {
  if (isUnassigned(value)) return undefined;
  switch (of.type) {
    case 'complex':
      return readComplex(of, value, path);
    case 'boolean':
      return readBoolean(value, path);
    case 'integer':
    case 'decimal':
      return readNumber(of, value, path);
    case 'string':
    case 'reference':
      return readText(of, value, path);
    case 'dateTime':
      return readTime(value, path);
  }
}

function readComplex(of: Attribute, value: unknown, path: string): Resource | undefined {
  // A manager, or a role, is often told by its value alone.
  const members = typeof value === 'string' && subAttribute(of, 'value') ? { value } : value;
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw invalid('invalidValue', `${path} is no object`);
  }
  const read: Resource = {};
  for (const [name, member] of Object.entries(members)) {
    const sub = subAttribute(of, name);
    if (!sub) throw invalid('invalidSyntax', `${path} has no member “${shown(name)}”`);
    const one = sub.mutability === 'readOnly' ? undefined : readValue(sub, member, `${path}.${sub.name}`);
    if (one !== undefined) read[sub.name] = one;
  }
  return Object.keys(read).length === 0 ? undefined : read;
}

function readBoolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (text !== 'true' && text !== 'false') throw invalid('invalidValue', `${path} is neither true nor false`);
  return text === 'true';
}

function readNumber(of: Attribute, value: unknown, path: string): number {
  const fits = typeof value === 'number' && (of.type === 'decimal' || Number.isSafeInteger(value));
  if (!fits) throw invalid('invalidValue', `${path} is no ${of.type}`);
  return value;
}

function readText(of: Attribute, value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalid('invalidValue', `${path} is no text`);
  if (value.length > of.maxLength) throw invalid('invalidValue', `${path} is longer than ${of.maxLength} characters`);
  if (/\u0000|\p{Surrogate}/u.test(value)) throw invalid('invalidValue', `${path} is no well-formed text`);
  return value;
}

// RFC 7643 section 2.3.5: "a valid xsd:dateTime", of which we take those with a zone.
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function readTime(value: unknown, path: string): string {
  const time = typeof value === 'string' && dateTime.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw invalid('invalidValue', `${path} is no dateTime`);
  return new Date(time).toISOString();
}

/** What somebody sent, as far as an error repeats it. */
export const shown = (text: string): string => text.slice(0, 100);
