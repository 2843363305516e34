import { invalid } from '../scim-error.js';
import { shown } from './read-value.js';
import type { Resource, ResourceType, Target } from './resource-type.js';

/** Which attributes an answer has (RFC 7644 section 3.9). */
export interface Projection {
  readonly only: readonly Target[] | undefined;
  readonly without: readonly Target[];
}

const mostNames = 50;

export const everything: Projection = { only: undefined, without: [] };

/** Throws ScimError where both are given, since they exclude each other. A name that no schema has selects nothing. */
export function readProjection(
  type: ResourceType,
  attributes: readonly string[] | undefined,
  excluded: readonly string[] | undefined,
): Projection {
  if (attributes && excluded) throw invalid('invalidValue', 'attributes and excludedAttributes exclude each other');
  return { only: attributes && targets(type, attributes), without: targets(type, excluded ?? []) };
}

function targets(type: ResourceType, names: readonly string[]): Target[] {
  if (names.length > mostNames) throw invalid('invalidValue', `More than ${mostNames} attributes are named`);
  return names.flatMap((name) => {
    if (name.length > 200) throw invalid('invalidValue', `“${shown(name)}” names no attribute`);
    const extension = type.extension(name);
    if (extension)
      return extension.attributes.map((attribute) => ({ extension: extension.id, attribute, sub: undefined }));
    return type.target(name) ?? [];
  });
}

/** Whether the answer is to have an attribute of the core schema at all. */
export function includes({ only, without }: Projection, name: string): boolean {
  const isNamed = ({ attribute, extension }: Target) => extension === undefined && attribute.name === name;
  if (without.some((target) => isNamed(target) && !target.sub)) return false;
  return only === undefined || only.some(isNamed);
}

/** The resource with what was asked for; `id`, `schemas` and what is always returned stay in it. */
export function project(type: ResourceType, resource: Resource, projection: Projection): Resource {
  const result: Resource = {};
  for (const [name, value] of Object.entries(resource)) {
    const extension = type.extension(name);
    const kept = extension
      ? projectMembers(type, value as Resource, extension.id, projection)
      : projectValue(type, name, value, undefined, projection);
    if (kept !== undefined) result[name] = kept;
  }
  return result;
}

function projectMembers(type: ResourceType, members: Resource, urn: string, projection: Projection) {
  const kept = Object.entries(members)
    .map(([name, value]) => [name, projectValue(type, `${urn}:${name}`, value, urn, projection)] as const)
    .filter(([, value]) => value !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function projectValue(
  type: ResourceType,
  path: string,
  value: unknown,
  extension: string | undefined,
  { only, without }: Projection,
): unknown {
  const attribute = type.target(path)?.attribute;
  if (!attribute || attribute.returned === 'always') return value;
  const isOf = (target: Target) => target.extension === extension && target.attribute.name === attribute.name;
  const left = without.filter(isOf);
  if (left.some(({ sub }) => !sub)) return undefined;
  const dropped = left.map(({ sub }) => sub?.name);
  const wanted = only?.filter(isOf);
  if (wanted?.length === 0) return undefined;
  const whole = !wanted || wanted.some(({ sub }) => !sub);
  const names = wanted?.map(({ sub }) => sub?.name);
  return pick(value, (name) => !dropped.includes(name) && (whole || names?.includes(name) === true));
}

function pick(value: unknown, keeps: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => pick(one, keeps));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => keeps(name)));
}
