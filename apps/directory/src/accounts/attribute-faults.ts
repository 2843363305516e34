import { scimAttributes, type AccountAttributes, type AttributeDefinition } from '@signet/contracts';
import { z } from 'zod';
import { below, type Fault } from '../configuration/faults/fault.js';

/** RFC 7643 section 2.3. */
function valueOf({ type, max_length, choices }: AttributeDefinition): z.ZodType {
  switch (type) {
    case 'string':
      return choices ? z.enum(choices) : z.string().max(max_length);
    case 'reference':
      return z.url().max(max_length);
    case 'boolean':
      return z.boolean();
    case 'integer':
      return z.int();
    case 'decimal':
      return z.number();
    case 'date_time':
      return z.iso.datetime({ offset: true });
  }
}

/** Attributes that the tenant does not define, that are not of their type, or that are missing. SCIM's own have their form by the contract. */
export function attributeFaults(definitions: readonly AttributeDefinition[], attributes: AccountAttributes): Fault[] {
  const defined = new Map(definitions.map((definition) => [definition.name, definition]));
  const unknown = Object.keys(attributes)
    .filter((name) => !defined.has(name) && !Object.hasOwn(scimAttributes, name))
    .map((name) => ({ path: [name], message: 'is no attribute of this tenant' }));
  const wrong = definitions.flatMap((definition): Fault[] => {
    const value: unknown = attributes[definition.name];
    if (value === undefined || value === null) {
      return definition.required ? [{ path: [definition.name], message: 'is required' }] : [];
    }
    const one = valueOf(definition);
    const parsed = (definition.multi_valued ? z.array(one).max(100) : one).safeParse(value);
    return parsed.success
      ? []
      : [{ path: [definition.name], message: parsed.error.issues[0]?.message ?? 'is not of its type' }];
  });
  return below(['attributes'], [...unknown, ...wrong]);
}

/** Definitions that take the name of what every account may have. */
export const definitionFaults = (definitions: readonly AttributeDefinition[]): Fault[] =>
  definitions.flatMap(({ name }) =>
    Object.hasOwn(scimAttributes, name) ? [{ path: ['attributes', name], message: 'is an attribute of SCIM' }] : [],
  );
