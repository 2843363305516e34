import { z } from 'zod';
import { pathParametersOf, managementPath, type Operation } from './operation.js';
import { problem, problems, problemType, type ProblemCode } from './problems.js';

/** A schema of JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface DescribedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface DescribedResponse extends Partial<Content> {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>;
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly [string];
  readonly parameters: readonly DescribedParameter[];
  readonly requestBody?: Content & { readonly required: true };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
  readonly 'x-permission': string;
}

export interface Description {
  readonly openapi: '3.1.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: Readonly<Record<string, unknown>> & { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Collects what schemas refer to, so that each stands once among the components. */
class Schemas {
  readonly components: Record<string, JsonSchema> = {};

  /** `input`: what is sent to us; `output`: what we send, in which nothing that has a default is absent. */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const made = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any' }) as unknown as {
      properties: { it: JsonSchema };
      $defs?: Record<string, JsonSchema>;
    };
    for (const [name, definition] of Object.entries(made.$defs ?? {})) {
      const described = Object.entries(definition).filter(([member]) => member !== 'id');
      this.components[name] = referring(Object.fromEntries(described));
    }
    return referring(made.properties.it);
  }
}

function referring<T>(value: T): T {
  if (Array.isArray(value)) return value.map(referring) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : (referring(member) as unknown),
    ]),
  ) as T;
}

interface ObjectSchema extends JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function parametersOf(operation: Operation, schemas: Schemas): DescribedParameter[] {
  const members = (schema: z.ZodType, place: 'path' | 'query'): DescribedParameter[] => {
    const { properties = {}, required = [] } = schemas.of(schema, 'input') as ObjectSchema;
    return Object.entries(properties).map(([name, { description, ...rest }]) => ({
      ...{ name, in: place, required: required.includes(name) },
      ...(typeof description === 'string' && { description }),
      schema: rest,
    }));
  };
  const path = pathParametersOf(operation).length > 0 ? members(operation.parameters, 'path') : [];
  const text = { type: 'string' };
  const header = (name: string, description: string): DescribedParameter => ({
    ...{ name, in: 'header', required: false, description, schema: text },
  });
  return [
    ...path,
    ...members(operation.query, 'query'),
    ...(operation.method === 'POST'
      ? [header('Idempotency-Key', 'A repeat within 24 hours is answered as the first was, and changes nothing more.')]
      : []),
    ...(operation.versioned && operation.method === 'GET'
      ? [header('If-None-Match', 'An ETag: 304 where it is still that.')]
      : []),
    ...(operation.versioned && (operation.method === 'PATCH' || operation.method === 'DELETE')
      ? [header('If-Match', 'An ETag: 412 where it is another by now.')]
      : []),
  ];
}

/** A merge patch of an object: nothing in it has to be there, and null takes a member away (RFC 7396). */
function patchOf(schema: ObjectSchema): JsonSchema {
  const { properties, required = [], ...rest } = schema;
  if (!properties) return schema;
  const patched = Object.entries(properties).map(([name, member]) => {
    const all = Object.entries(patchOf(member)).filter(([key]) => key !== 'default');
    const inner = Object.fromEntries(all);
    return [name, required.includes(name) ? inner : { anyOf: [inner, { type: 'null' }] }];
  });
  return { ...rest, properties: Object.fromEntries(patched) as JsonSchema };
}

function bodyOf(operation: Operation, schemas: Schemas): Pick<DescribedOperation, 'requestBody'> {
  if (operation.method === 'PATCH') {
    const schema = patchOf(schemas.of(operation.patch, 'input'));
    const content = { 'application/merge-patch+json': { schema }, 'application/json': { schema } };
    return { requestBody: { required: true, content } };
  }
  if (operation.body.type === 'undefined') return {};
  const schema = schemas.of(operation.body, 'input');
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

/** What its kind brings with it, and what it says itself. */
function problemsOf(operation: Operation): ProblemCode[] {
  const { method } = operation;
  const sends = method === 'PATCH' || operation.body.type !== 'undefined';
  return [
    ...(['invalid-request', 'unauthenticated', 'insufficient-scope', 'insufficient-permission'] as const),
    ...(pathParametersOf(operation).length > 0 ? (['not-found'] as const) : []),
    ...(sends ? (['invalid-object', 'too-large', 'unsupported-media-type'] as const) : []),
    ...(method === 'POST' ? (['in-progress', 'key-reused'] as const) : []),
    ...(method === 'POST' && operation.secret ? (['shown-once'] as const) : []),
    ...(operation.versioned && (method === 'PATCH' || method === 'DELETE') ? (['stale'] as const) : []),
    ...operation.problems,
    ...(['too-many-requests', 'unavailable'] as const),
  ];
}

function responsesOf(operation: Operation, schemas: Schemas): Record<string, DescribedResponse> {
  const { status, schema } = operation.response;
  const text = { type: 'string' };
  const headers = {
    ...(operation.versioned && status !== 204 && { ETag: { description: 'The version.', schema: text } }),
    ...(status === 201 && { Location: { description: 'Where it is from now on.', schema: text } }),
    ...(operation.paged && { Link: { description: 'rel=next, where there is a next page.', schema: text } }),
  };
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(operation)) {
    const known = byStatus.get(problems[code].status);
    if (known) known.push(code);
    else byStatus.set(problems[code].status, [code]);
  }
  const failed = [...byStatus].map(([code, codes]): [string, DescribedResponse] => [
    String(code),
    {
      description: codes.map((each) => `\`${each}\`: ${problems[each].title}.`).join(' '),
      content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return {
    [String(status)]: {
      description: status === 204 ? 'Done.' : 'As it is now.',
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(status !== 204 && { content: { 'application/json': { schema: schemas.of(schema, 'output') } } }),
    },
    ...(operation.versioned && operation.method === 'GET' && { '304': { description: 'It is still that version.' } }),
    ...Object.fromEntries(failed),
  };
}

const preamble = `The tenant is the issuer of the access token: everything read or written is that tenant's. A call needs a token for
the resource \`urn:signet:management\` with the scope \`signet:admin\`, and the permission that the operation names, which the account of the token, or its client where
it acts for itself, holds by its roles at that moment. Errors are problems of RFC 9457; their \`type\` is \`urn:signet:problem:<code>\`.`;

/** The OpenAPI 3.1 description of operations: made of what they are made of, so that it cannot say what they do not do. */
export function describeOperations(operations: readonly Operation[]): Description {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, DescribedOperation>> = {};
  for (const operation of operations) {
    const { id, path, collection, permission, summary, description = '', scope } = operation;
    const at = (paths[path] ??= {});
    at[operation.method.toLowerCase()] = {
      operationId: id,
      summary,
      description: [description, `Needs \`${permission}\` and the scope \`${scope}\`.`].filter(Boolean).join(' '),
      tags: [collection],
      parameters: parametersOf(operation, schemas),
      ...bodyOf(operation, schemas),
      responses: responsesOf(operation, schemas),
      'x-permission': permission,
    };
  }
  schemas.components['Problem'] = schemas.of(problem, 'output');
  return {
    openapi: '3.1.0',
    info: { title: 'Signet Management API', version: '1', description: preamble },
    servers: [{ url: managementPath }],
    tags: [...new Set(operations.map(({ collection }) => collection))].map((name) => ({ name })),
    security: [{ bearer: [] }, { dpop: [] }],
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'RFC 6750.' },
        dpop: { type: 'http', scheme: 'DPoP', bearerFormat: 'JWT', description: 'RFC 9449.' },
      },
    },
  };
}
