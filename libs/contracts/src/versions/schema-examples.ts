import type { JsonSchema } from './json-schema.js';

/** The first that fits stands for a string. */
const strings = [
  ...['a text', 'name', 'anonymous', 'GET', '#336699', 'https://id.example/', 'alice@id.example'],
  ...[
    '0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b',
    '2026-11-26T12:00:00.000Z',
    'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  ],
  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg',
];

/** Formats that come with no pattern. */
const formats: Readonly<Record<string, RegExp>> = { uri: /^https:/ };

function fits(schema: JsonSchema, text: string): boolean {
  const { pattern, format, minLength = 0, maxLength = Infinity, allOf = [] } = schema;
  return (
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'su').test(text)) &&
    (format === undefined || (formats[format]?.test(text) ?? true)) &&
    allOf.every((one) => fits(one, text))
  );
}

/** One for each of a schema's variants, with every member that there may be; then one with no more than must be there. Throws where it knows no fitting text. */
export function examplesOf(schema: JsonSchema): unknown[] {
  return [
    ...variantsOf(schema, () => true),
    variantsOf(schema, (name, { required = [] }) => required.includes(name))[0],
  ];
}

type Wanted = (name: string, of: JsonSchema) => boolean;

function variantsOf(schema: JsonSchema, wanted: Wanted): unknown[] {
  const { type, anyOf, items, minItems = 0 } = schema;
  if (anyOf) return anyOf.flatMap((one) => variantsOf(one, wanted));
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return [schema.enum[0]];
  switch (type) {
    case 'object':
      return objectsOf(schema, wanted);
    case 'array': {
      const all = items ? variantsOf(items, wanted) : [];
      return [all.length < minItems ? Array.from({ length: minItems }, () => all[0]) : all];
    }
    case 'string':
      return [textOf(schema)];
    case 'integer':
    case 'number':
      return [Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1)];
    case 'boolean':
      return [true];
    case 'null':
      return [null];
    default:
      return ['anything'];
  }
}

function textOf(schema: JsonSchema): string {
  const text = strings.find((one) => fits(schema, one));
  if (text === undefined) throw new Error(`no example is known for ${JSON.stringify(schema)}`);
  return text;
}

/** As many objects as the member with the most variants has; the others repeat their last one. */
function objectsOf(schema: JsonSchema, wanted: Wanted): unknown[] {
  const { properties = {}, additionalProperties: open, propertyNames } = schema;
  const members = Object.entries(properties).filter(([name]) => wanted(name, schema));
  const variants = members.map(([name, member]) => [name, variantsOf(member, wanted)] as const);
  if (typeof open === 'object' && members.length === 0) {
    variants.push([propertyNames ? textOf(propertyNames) : 'name', variantsOf(open, wanted)]);
  }
  const most = Math.max(1, ...variants.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, index) =>
    Object.fromEntries(variants.map(([name, values]) => [name, values[Math.min(index, values.length - 1)]])),
  );
}
