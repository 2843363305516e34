import { scimPatch } from 'scim-patch';
import { invalid } from '../scim-error.js';
import { matches, membersSaid } from '../filter/matches.js';
import { isPrimary, readValue } from '../schema/read-value.js';
import { membersOf } from '../schema/read-resource.js';
import type { Attribute } from '../schema/attribute.js';
import type { Resource } from '../schema/resource-type.js';
import type { PatchOperation } from './read-patch.js';

/**
 * The resource with the operations applied, in their order (RFC 7644 section 3.5.2). What comes of it is to be validated whole.
 * Throws ScimError.
 */
export function applyPatch(resource: Resource, operations: readonly PatchOperation[]): Resource {
  const patched = structuredClone(resource);
  for (const operation of operations) apply(patched, operation);
  for (const { target } of operations) dropValueless(membersOf(patched, target.extension), target.attribute);
  return patched;
}

/** What a removed `emails[type eq "work"].value` leaves is no address. Only now: a later operation may give one its value. */
function dropValueless(holder: Resource, { name, subAttributes }: Attribute): void {
  const held = holder[name];
  if (!Array.isArray(held) || !subAttributes?.some((sub) => sub.name === 'value')) return;
  const left = (held as Resource[]).filter(({ value }) => value !== undefined);
  if (left.length === 0) Reflect.deleteProperty(holder, name);
  else holder[name] = left;
}

function apply(resource: Resource, operation: PatchOperation): void {
  const { op, target, filter, value } = operation;
  const holder = membersOf(resource, target.extension);
  const { name } = target.attribute;
  if (filter) applyToValues(holder, { ...operation, filter });
  else if (op === 'remove' && value !== undefined) removeValues(holder, name, value as Resource[]);
  else if (target.sub) applyToMember(holder, operation);
  else patch(holder, op, name, value);
  if (target.attribute.multiValued) settle(holder, operation);
}

/**
 * The library's part: what add, replace and remove do to an attribute. It minds the case of names, splits paths at any colon
 * and makes what a path names, `__proto__` too; so it is given one name at a time, of the schema's, and no filters.
 */
function patch(holder: Resource, op: PatchOperation['op'], path: string, value: unknown): void {
  if (op === 'remove') scimPatch(holder as never, [{ op, path }]);
  else if (value !== undefined) scimPatch(holder as never, [{ op, path, value }]);
}

/** A member of a complex attribute, or of each value of a multi-valued one: `name.givenName`, `emails.type`. */
function applyToMember(holder: Resource, { op, target, value }: PatchOperation): void {
  const { name, multiValued } = target.attribute;
  const sub = target.sub?.name ?? '';
  const held = holder[name];
  if (held === undefined && op === 'remove') return;
  if (multiValued && !held) throw invalid('noTarget', `${name} has no values`);
  const values = Array.isArray(held) ? (held as Resource[]) : [(holder[name] ??= {}) as Resource];
  for (const one of values) patch(one, op, sub, value);
  if (!multiValued && Object.keys(values[0] ?? {}).length === 0) Reflect.deleteProperty(holder, name);
}

type Filtered = PatchOperation & { readonly filter: NonNullable<PatchOperation['filter']> };

function applyToValues(holder: Resource, { op, target, filter, value }: Filtered): void {
  const { name } = target.attribute;
  const values = (holder[name] ?? []) as Resource[];
  const chosen = values.filter((one) => matches(filter, one));
  if (op === 'remove' && !target.sub) {
    holder[name] = values.filter((one) => !chosen.includes(one));
    return;
  }
  // Entra ID replaces what is not there yet, where RFC 7644 section 3.5.2.3 has `noTarget`.
  if (chosen.length === 0 && op !== 'remove') {
    holder[name] = [...values, { ...made({ op, target, filter, value }), ...memberOf(target, value) }];
    return;
  }
  for (const one of chosen) {
    if (target.sub) patch(one, op, target.sub.name, value);
    else Object.assign(one, value);
  }
}

/** A new value of which the filter is true. */
function made({ target, filter }: Filtered): Resource {
  const said = membersSaid(filter);
  if (!said) throw invalid('noTarget', `No value of ${target.attribute.name} is what the path says`);
  return readValue({ ...target.attribute, multiValued: false }, said) as Resource;
}

const memberOf = ({ sub }: PatchOperation['target'], value: unknown): Resource =>
  sub ? { [sub.name]: value } : (value as Resource);

/** By their `value`, since what else of them is sent may be told otherwise. */
function removeValues(holder: Resource, name: string, removed: readonly Resource[]): void {
  const gone = new Set(removed.map(keyOf));
  holder[name] = ((holder[name] ?? []) as Resource[]).filter((one) => !gone.has(keyOf(one)));
}

const keyOf = (of: Resource): string => JSON.stringify(of['value'] ?? of).toLowerCase();

/**
 * "If the value already exists, no changes SHOULD be made"; and of primary values the one that this operation made so stays:
 * "the server SHALL set the value of the "primary" attribute to "false" for all other values" (section 3.5.2).
 */
function settle(holder: Resource, { target, value, filter }: PatchOperation): void {
  const { name } = target.attribute;
  const values = new Map<string, Resource>();
  for (const one of (holder[name] ?? []) as Resource[]) {
    const key = JSON.stringify([one['value'] === undefined ? one : keyOf(one), one['type']]);
    values.set(key, { ...values.get(key), ...one });
  }
  const settled = [...values.values()].filter((one) => Object.keys(one).length > 0);
  const primary = settled.filter(isPrimary);
  if (primary.length > 1) {
    const made = primary.findLast((one) => isMadeBy(one, value, filter)) ?? primary[0];
    for (const one of primary) if (one !== made) Reflect.deleteProperty(one, 'primary');
  }
  if (settled.length === 0) Reflect.deleteProperty(holder, name);
  else holder[name] = settled;
}

function isMadeBy(one: Resource, value: unknown, filter: PatchOperation['filter']): boolean {
  if (filter) return matches(filter, one);
  const sent = (Array.isArray(value) ? value : [value]) as Resource[];
  return sent.some((each) => isPrimary(each) && keyOf(each) === keyOf(one));
}
