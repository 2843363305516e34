import { z } from 'zod';
import { invalid } from '../scim-error.js';
import { readValue, shown } from './read-value.js';
import type { Resource, ResourceType } from './resource-type.js';

const body = z.record(z.string(), z.unknown());

/**
 * The resource of a POST or a PUT. "Attributes whose mutability is "readOnly" that are included in the request body SHALL be
 * ignored" (RFC 7644 section 3.3); what no schema has is refused. Throws ScimError.
 */
export function readResource(type: ResourceType, sent: unknown): Resource {
  const parsed = body.safeParse(sent);
  if (!parsed.success) throw invalid('invalidSyntax', 'The body is no JSON object');
  const read: Resource = {};
  for (const [name, value] of Object.entries(parsed.data)) {
    const extension = type.extension(name);
    if (extension) readMembers(type, extension.id, value, read);
    else assign(type, name, value, read);
  }
  assertSchemas(type, parsed.data);
  assertRequired(type, read);
  return read;
}

function assertRequired(type: ResourceType, resource: Resource): void {
  const places = [{ attributes: type.attributes, members: resource }].concat(
    type.extensions.map(({ id, attributes }) => ({
      attributes: [...attributes],
      members: (resource[id] ?? {}) as Resource,
    })),
  );
  for (const { attributes, members } of places) {
    const missing = attributes.find(({ name, required }) => required && members[name] === undefined);
    if (missing) throw invalid('invalidValue', `${missing.name} is required`);
  }
}

function readMembers(type: ResourceType, urn: string, value: unknown, into: Resource): void {
  if (value === null) return;
  const parsed = body.safeParse(value);
  if (!parsed.success) throw invalid('invalidSyntax', `${urn} is no object`);
  for (const [name, member] of Object.entries(parsed.data)) assign(type, `${urn}:${name}`, member, into);
}

function assign(type: ResourceType, path: string, value: unknown, into: Resource): void {
  const target = type.target(path);
  if (!target || target.sub) throw invalid('invalidSyntax', `A ${type.name} has no attribute “${shown(path)}”`);
  const { attribute, extension } = target;
  if (attribute.mutability === 'readOnly') return;
  const read = readValue(attribute, value, extension === undefined ? attribute.name : `${extension}:${attribute.name}`);
  if (read !== undefined) membersOf(into, extension)[attribute.name] = read;
}

/** The resource itself, or its part below an extension's URN, made where it is not there. */
export function membersOf(resource: Resource, extension: string | undefined): Resource {
  if (extension === undefined) return resource;
  return (resource[extension] ??= {}) as Resource;
}

/** RFC 7643 section 3: it names the schema of its type. Others are let be: Entra ID names one of its own for groups. */
function assertSchemas(type: ResourceType, sent: Record<string, unknown>): void {
  const member = Object.entries(sent).find(([name]) => name.toLowerCase() === 'schemas')?.[1];
  const schemas = z.array(z.string()).max(20).safeParse(member);
  const names = (urn: string) => urn.toLowerCase() === type.schema.id.toLowerCase();
  if (!schemas.success || !schemas.data.some(names)) {
    throw invalid('invalidSyntax', `schemas does not name ${type.schema.id}`);
  }
}
