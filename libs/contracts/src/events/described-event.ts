import { z } from 'zod';
import { envelope, type EventDefinition } from './definition.js';

interface FieldSchema {
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly anyOf?: readonly FieldSchema[];
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

/** A field as the catalogue tells it. `path`: `count`, `authentications[].acr`. */
export interface DescribedField {
  readonly path: string;
  /** `string`, `integer or null`, `array of string`; with a `?` where it may be absent. */
  readonly type: string;
  /** The values that there are, of a field that has few. */
  readonly values: readonly unknown[];
  readonly meaning: string;
}

const schemaOf = (schema: z.ZodType): FieldSchema =>
  z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as unknown as FieldSchema;

function typeOf({ type, anyOf, items, const: only }: FieldSchema): string {
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (type === 'array') return `array of ${items ? typeOf(items) : 'anything'}`;
  return type ?? (only === undefined ? 'anything' : typeof only);
}

const valuesOf = ({ enum: values, const: only, anyOf }: FieldSchema): readonly unknown[] =>
  values ?? anyOf?.flatMap(valuesOf) ?? (only === undefined ? [] : [only]);

function fieldsOf({ properties = {}, required = [] }: FieldSchema, above = ''): DescribedField[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${above}${name}`;
    const described = {
      ...{ path, type: `${typeOf(field)}${required.includes(name) ? '' : '?'}` },
      ...{ values: valuesOf(field), meaning: field.description ?? '' },
    };
    return [described, ...fieldsOf(field, `${path}.`), ...(field.items ? fieldsOf(field.items, `${path}[].`) : [])];
  });
}

/** An example of what a schema allows: the one that it names, or one made of those of its fields. Undefined where that is not to be had. */
function exampleOf(schema: FieldSchema): unknown {
  const { type, examples, anyOf, items, properties } = schema;
  if (examples) return examples[0];
  const [value] = valuesOf(schema);
  if (value !== undefined) return value;
  if (anyOf) return anyOf.map(exampleOf).find((one) => one !== undefined);
  if (type === 'boolean') return true;
  if (type === 'array') return items && [exampleOf(items)];
  if (type !== 'object') return undefined;
  return Object.fromEntries(Object.entries(properties ?? {}).map(([name, field]) => [name, exampleOf(field)]));
}

/** The fields of an event's `data`, in their order. */
export const dataFields = ({ data }: EventDefinition): DescribedField[] => fieldsOf(schemaOf(data));

/** Those of its personal part, less the network, which every event may carry. */
export const personalFields = ({ personal }: EventDefinition): DescribedField[] =>
  personal.type === 'undefined' ? [] : fieldsOf(schemaOf(personal));

export const envelopeFields: readonly DescribedField[] = fieldsOf(schemaOf(envelope));

/** What may be recorded of it: every field is there, though some are never there together. */
export function exampleOfEvent({ data, personal }: EventDefinition): {
  readonly data: unknown;
  readonly personal: unknown;
} {
  return {
    data: exampleOf(schemaOf(data)),
    personal: personal.type === 'undefined' ? undefined : exampleOf(schemaOf(personal)),
  };
}
