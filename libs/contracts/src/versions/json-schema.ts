import { z } from 'zod';

/** As much of JSON Schema as zod writes of our messages. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

/** What is told to people, and which of the two words an alternative is written with: an answer does not depend on it. */
const told = new Set(['$schema', 'title', 'description', 'examples']);

/** What a sender may send, in JSON Schema. What a `refine` asks for beyond that is not in it. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  plain(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) as JsonSchema;

function plain(value: unknown, ofMembers = false): unknown {
  if (Array.isArray(value)) return value.map((one) => plain(one));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => ofMembers || !told.has(name));
  return Object.fromEntries(
    members.map(([name, member]) => [
      !ofMembers && name === 'oneOf' ? 'anyOf' : name,
      plain(member, !ofMembers && name === 'properties'),
    ]),
  );
}
