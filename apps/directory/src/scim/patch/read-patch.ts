import { z } from 'zod';
import { parseValueFilter, type Filter } from '../filter/parse-filter.js';
import { invalid } from '../scim-error.js';
import { isUnassigned, readValue, shown } from '../schema/read-value.js';
import { subAttribute, type ResourceType, type Target } from '../schema/resource-type.js';

/** One change of one attribute. Names are the schema's, values as it has them. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly target: Target;
  /** Which values of a multi-valued attribute; none: the attribute itself. */
  readonly filter: Filter | undefined;
  /** Undefined: what a `remove` takes away is everything. */
  readonly value: unknown;
}

const mostOperations = 1_000;

const urn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const request = z.object({
  schemas: z.array(z.string()),
  Operations: z
    .array(z.object({ op: z.string(), path: z.string().max(1_000).nullish(), value: z.unknown().optional() }))
    .min(1)
    .max(mostOperations),
});

/** Entra ID says `operations` now and then, as RFC 7643 section 2.1 would allow of an attribute. */
const named = z.record(z.string(), z.unknown()).transform((body) => {
  const found = Object.entries(body).find(([name]) => name.toLowerCase() === 'operations');
  return { schemas: body['schemas'], Operations: found?.[1] };
});

/**
 * The operations of a PATCH (RFC 7644 section 3.5.2), each of one attribute: in a value without a path, or with an extension's
 * URN for one, each member is an operation, its name a path. Throws ScimError.
 */
export function readPatch(type: ResourceType, body: unknown): PatchOperation[] {
  const parsed = named.pipe(request).safeParse(body);
  if (!parsed.success) {
    throw invalid('invalidSyntax', `The body is no PatchOp of 1 to ${mostOperations} operations`);
  }
  if (!parsed.data.schemas.includes(urn)) throw invalid('invalidSyntax', `schemas does not name ${urn}`);
  return parsed.data.Operations.flatMap(({ op, path, value }) => {
    const name = opOf(op);
    const extension = path ? type.extension(path) : undefined;
    if (path && !extension) return [readOperation(type, name, path, value)];
    if (name === 'remove' && !extension) throw invalid('noTarget', 'A remove has a path');
    return membersOf(type, name, extension?.id, value);
  });
}

/** RFC 7644 has them in lower case; Entra ID capitalises them. */
function opOf(op: string): PatchOperation['op'] {
  const name = op.toLowerCase();
  if (name === 'add' || name === 'replace' || name === 'remove') return name;
  throw invalid('invalidSyntax', `There is no operation “${shown(op)}”`);
}

function membersOf(
  type: ResourceType,
  op: PatchOperation['op'],
  extension: string | undefined,
  value: unknown,
): PatchOperation[] {
  if (op === 'remove' || (extension && isUnassigned(value))) return everyMember(type, extension);
  const members = z.record(z.string(), z.unknown()).safeParse(value);
  if (!members.success) throw invalid('invalidValue', 'Without a path, the value is an object of attributes');
  return Object.entries(members.data).flatMap(([name, member]) => {
    const inner = extension ? undefined : type.extension(name);
    if (inner) return membersOf(type, op, inner.id, member);
    const path = extension ? `${extension}:${name}` : name;
    // What an answer of ours had goes back with it: the id, schemas, meta. Of what none has, a change is meant.
    const attribute = type.target(path)?.attribute;
    const isEcho = attribute?.mutability === 'readOnly' && attribute.returned !== 'never';
    return isEcho ? [] : [readOperation(type, op, path, member)];
  });
}

const everyMember = (type: ResourceType, extension: string | undefined): PatchOperation[] =>
  (type.extensions.find(({ id }) => id === extension)?.attributes ?? []).map((attribute) => ({
    ...{ op: 'remove', target: { extension, attribute, sub: undefined }, filter: undefined, value: undefined },
  }));

// attrPath, or attrPath "[" valFilter "]" ["." subAttr]; a quoted value may hold brackets and colons.
const pathForm = /^(?<attribute>[^[\]]+)(?:\[(?<filter>.*)\](?:\.(?<sub>[$\w-]+))?)?$/su;

function readOperation(type: ResourceType, op: PatchOperation['op'], path: string, value: unknown): PatchOperation {
  const parts = pathForm.exec(path)?.groups;
  const found = parts?.['attribute'] === undefined ? undefined : type.target(parts['attribute']);
  if (!parts || !found) throw invalid('invalidPath', `A ${type.name} has no attribute “${shown(path)}”`);
  const filtered = parts['filter'] === undefined ? { target: found, filter: undefined } : filterOf(type, found, parts);
  const { target, filter } = filtered;
  for (const { mutability, name } of [target.attribute, ...(target.sub ? [target.sub] : [])]) {
    if (mutability === 'readOnly') throw invalid('mutability', `${name} is read-only`);
  }
  // A value that is none takes the attribute away (RFC 7643 section 2.5).
  if (op === 'remove') return { op, target, filter, value: removedValue(target, value) };
  if (value === undefined) throw invalid('invalidValue', `${shown(path)} is given no value`);
  const read = isUnassigned(value) ? undefined : valueOf(target, filter, value, path);
  return read === undefined && op === 'replace'
    ? { op: 'remove', target, filter, value: undefined }
    : { op, target, filter, value: read };
}

function filterOf(type: ResourceType, found: Target, parts: Record<string, string | undefined>) {
  const { attribute, sub: early } = found;
  if (!attribute.multiValued || early) throw invalid('invalidPath', `${attribute.name} has no values to choose from`);
  const filter = parseValueFilter(type, found, parts['filter'] ?? '');
  const sub = parts['sub'] === undefined ? undefined : subAttribute(attribute, parts['sub']);
  if (parts['sub'] !== undefined && !sub)
    throw invalid('invalidPath', `${attribute.name} has no member “${shown(parts['sub'])}”`);
  return { target: { ...found, sub }, filter };
}

/** With a filter the value is that of one value, or of a member of it; else that of the attribute. */
function valueOf({ attribute, sub }: Target, filter: Filter | undefined, value: unknown, path: string): unknown {
  if (sub) return readValue(sub, value, shown(path));
  return readValue(filter ? { ...attribute, multiValued: false } : attribute, value, shown(path));
}

/** Entra ID names the members to remove in the value, which RFC 7644 section 3.5.2.2 does not know. */
const removedValue = ({ attribute, sub }: Target, value: unknown): unknown =>
  attribute.multiValued && !sub && !isUnassigned(value) ? readValue(attribute, value) : undefined;
