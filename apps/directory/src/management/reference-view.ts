import { managementPath, type DescribedOperation, type Description, type JsonSchema } from '@signet/contracts';
import type { ReferenceMember, ReferenceOperation, ReferenceView } from '@signet/pages';

type Schemas = Description['components']['schemas'];

/** The schema that a reference stands for; itself where it is none. */
function resolved(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  return schemas[reference.replace('#/components/schemas/', '')] ?? {};
}

const listed = (value: unknown): readonly JsonSchema[] => (Array.isArray(value) ? (value as JsonSchema[]) : []);

/** A schema in a few words: `string`, `array of Role`, `a or b`. */
function typeOf(schema: JsonSchema): string {
  const { $ref: reference, const: constant, type } = schema;
  if (typeof reference === 'string') return reference.split('/').at(-1) ?? '';
  if (constant !== undefined) return JSON.stringify(constant);
  const { enum: values } = schema;
  if (Array.isArray(values)) return values.map((value: unknown) => String(value)).join(' | ');
  const either = [...listed(schema['anyOf']), ...listed(schema['oneOf'])];
  if (either.length > 0) return [...new Set(either.map(typeOf))].join(' or ');
  if (type === 'array') return `array of ${typeOf((schema['items'] ?? {}) as JsonSchema)}`;
  const format = typeof schema['format'] === 'string' ? ` (${schema['format']})` : '';
  return typeof type === 'string' ? type + format : 'any';
}

function membersOf(schema: JsonSchema, schemas: Schemas): ReferenceMember[] {
  const { properties = {}, required = [] } = resolved(schema, schemas) as {
    properties?: Readonly<Record<string, JsonSchema>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, member]) => ({
    ...{ name, type: typeOf(member), required: required.includes(name) },
    says: [
      typeof member['description'] === 'string' ? member['description'] : '',
      member['default'] === undefined ? '' : `Default: ${JSON.stringify(member['default'])}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  }));
}

const schemaIn = (content: DescribedOperation['responses'][string]['content']): JsonSchema =>
  Object.values(content ?? {})[0]?.schema ?? {};

function sampleOf(origin: string, method: string, path: string, operation: DescribedOperation): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${origin}${managementPath}${path.replaceAll(/\{([a-z_]+)\}/g, '$$$1')}`,
    `-H "Authorization: Bearer $TOKEN"`,
  ];
  const body = operation.requestBody;
  if (body) {
    const [type = ''] = Object.keys(body.content);
    const { properties = {}, required = [] } = schemaIn(body.content) as {
      properties?: Readonly<Record<string, JsonSchema>>;
      required?: readonly string[];
    };
    const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
    const members = names.map((name) => [name, exampleOf(properties[name] ?? {})] as const);
    lines.push(`-H "Content-Type: ${type}"`, `-d '${JSON.stringify(Object.fromEntries(members))}'`);
  }
  return lines.join(' \\\n  ');
}

function exampleOf(schema: JsonSchema): unknown {
  const [first] = listed(schema['enum']);
  if (first !== undefined) return first;
  const [either] = listed(schema['anyOf']);
  if (either) return exampleOf(either);
  switch (schema['type']) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return 1;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return schema['format'] === 'uri' ? 'https://api.example' : 'example';
  }
}

/** The description as a page shows it. `origin`: of the issuer. */
export function referenceView(description: Description, origin: string): ReferenceView {
  const { schemas } = description.components;
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, operation]) => ({ path, method: name.toUpperCase(), operation })),
  );
  const shown = ({ path, method, operation }: (typeof operations)[number]): ReferenceOperation => ({
    id: operation.operationId,
    method,
    path: managementPath + path,
    summary: operation.summary,
    says: operation.description.replaceAll('`', ''),
    parameters: operation.parameters.map(({ name, in: place, required, description: says = '', schema }) => ({
      ...{ name, required, says },
      type: `${typeOf(schema)}, ${place}`,
    })),
    body: operation.requestBody ? membersOf(schemaIn(operation.requestBody.content), schemas) : [],
    answers: Object.entries(operation.responses).map(([status, response]) => ({
      status,
      says: response.description.replaceAll('`', ''),
      members: Number(status) < 300 ? membersOf(schemaIn(response.content), schemas) : [],
    })),
    sample: sampleOf(origin, method, path, operation),
  });
  return {
    title: String(description.info['title']),
    lead: String(description.info['description']).replaceAll('`', ''),
    descriptionHref: `${managementPath}/openapi.json`,
    groups: description.tags.map(({ name }) => ({
      name,
      operations: operations.filter(({ operation }) => operation.tags[0] === name).map(shown),
    })),
  };
}
