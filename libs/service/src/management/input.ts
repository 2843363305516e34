import type { Operation, ProblemError } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import { parseParameters } from '@signet/protocol';
import type { z } from 'zod';
import { jsonBody, mergePatchBody, rawQuery } from '../http/body-parsers.js';
import type { HttpRequest } from '../http/types.js';
import { callerOf, type Caller } from './caller.js';
import { ManagementProblem, nothingThere } from './management-problem.js';
import { mergePatch } from './merge-patch.js';
import { Once } from './once.js';
import { Page } from './page.js';
import { Precondition } from './precondition.js';

/** A call of an operation, with everything in it judged by the operation's schemas. */
export interface Input<O extends Operation> {
  readonly caller: Caller;
  readonly parameters: z.output<O['parameters']>;
  readonly query: z.output<O['query']>;
  readonly body: z.output<O['body']>;
  /** The object that the caller's patch makes of `current`, which is as the wire has it. Throws where that is no valid one. */
  readonly patched: (current: z.input<O['patch']>) => z.output<O['patch']>;
  readonly page: Page;
  readonly precondition: Precondition;
  readonly once: Once;
}

type Texts = Readonly<Record<string, string>>;

/** RFC 6901 section 3. */
const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const mostErrors = 100;

/** What a schema says of a value, one entry for each member; no value of it is told. */
export function errorsOf(issues: z.ZodError['issues'], name: 'pointer' | 'parameter'): ProblemError[] {
  const at = (path: readonly PropertyKey[], detail: string): ProblemError =>
    name === 'pointer' ? { pointer: pointerOf(path), detail } : { parameter: path.map(String).join('.'), detail };
  return issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => at([...issue.path, key], 'is not known here'))
        : [at(issue.path, issue.message)],
    )
    .slice(0, mostErrors);
}

/** Throws ManagementProblem for what the operation's schemas refuse. Reads no body of a method that has none. */
export function inputOf<O extends Operation>(operation: O, request: HttpRequest, keyring: Keyring): Input<O> {
  const caller = callerOf(request);
  const given = request.params as Texts;
  const parameters = operation.parameters.safeParse(given);
  if (!parameters.success) throw nothingThere();
  const texts = queryTexts(request);
  const query = operation.query.safeParse(texts);
  if (!query.success) {
    throw new ManagementProblem('invalid-request', 'A query parameter is not valid', {
      errors: errorsOf(query.error.issues, 'parameter'),
    });
  }
  const { 'idempotency-key': field, 'if-match': ifMatch } = request.headers;
  const sent = operation.method === 'PATCH' ? mergePatchBody(request) : jsonBody(request);
  return {
    caller,
    parameters: parameters.data as z.output<O['parameters']>,
    query: query.data as z.output<O['query']>,
    body: (operation.method === 'PATCH' ? undefined : bodyOf(operation.body, sent)) as z.output<O['body']>,
    patched: (current) => judged(operation.patch, mergePatch(current, sent)) as z.output<O['patch']>,
    page: pageOf(operation, caller, given, texts, query.data, keyring),
    precondition: new Precondition(operation.versioned ? ifMatch : undefined),
    once: new Once(caller, {
      ...{ operation, path: request.raw.url ?? '', body: sent },
      field: typeof field === 'string' ? field : undefined,
    }),
  };
}

function bodyOf(schema: z.ZodType, sent: unknown): unknown {
  if (schema.type !== 'undefined') return judged(schema, sent);
  if (sent === undefined || sent === null) return undefined;
  throw new ManagementProblem('invalid-request', 'This takes no body');
}

/** The object, by its schema. */
function judged<S extends z.ZodType>(schema: S, object: unknown): z.output<S> {
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  throw new ManagementProblem('invalid-object', 'The object is not valid', {
    errors: errorsOf(parsed.error.issues, 'pointer'),
  });
}

/** Each parameter of the query once. Throws for one that is there twice, or malformed. */
function queryTexts(request: HttpRequest): Texts {
  const parsed = parseParameters(rawQuery(request));
  if (!parsed.ok) throw new ManagementProblem('invalid-request', parsed.error.errorDescription);
  const { parameters } = parsed;
  const twice = parameters.names().filter((name) => parameters.all(name).length > 1);
  if (twice.length > 0) {
    throw new ManagementProblem('invalid-request', 'A query parameter is included more than once', {
      errors: twice.map((parameter) => ({ parameter, detail: 'is included more than once' })),
    });
  }
  return Object.fromEntries(parameters.names().map((name) => [name, parameters.get(name) ?? '']));
}

function pageOf(
  operation: Operation,
  caller: Caller,
  parameters: Texts,
  texts: Texts,
  query: unknown,
  keyring: Keyring,
): Page {
  const { limit, cursor } = (operation.paged ? query : {}) as { limit?: number; cursor?: string };
  const filters = Object.fromEntries(Object.entries(texts).filter(([name]) => name !== 'limit' && name !== 'cursor'));
  const list = { tenantId: caller.tenant.id, operation: operation.id, parameters, filters };
  return new Page(keyring, list, { ...(limit !== undefined && { limit }), cursor });
}
