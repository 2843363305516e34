import { z } from 'zod';
import type { ServiceName } from '../services.js';
import { managementScopes, type Collection, type ManagementPermission, type ManagementScope } from './permissions.js';
import type { ProblemCode } from './problems.js';

export const managementPath = '/admin/v1';
/** Where the audit log is read; guarded as the Management API is. */
export const auditPath = '/audit/v1';

export type OperationMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One operation of the Management API as a value: the route, the guard, the validation and the description are all made of it.
 * Schemas are of the wire; what they give is what the handler gets.
 */
export interface Operation<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  C extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  /** `listRoles`: unique, and the operationId of the description. */
  readonly id: string;
  readonly service: ServiceName;
  readonly collection: Collection;
  readonly method: OperationMethod;
  /** Below `/admin/v1`: `/roles/{role_id}`. */
  readonly path: string;
  readonly permission: ManagementPermission;
  readonly scope: ManagementScope;
  /** `organisation`: also for whoever has the permission within organisations alone; the handler holds the objects against that reach. */
  readonly reach: 'tenant' | 'organisation';
  readonly summary: string;
  readonly description?: string | undefined;
  /** Of the path. A value that one refuses names nothing: 404. */
  readonly parameters: P;
  readonly query: Q;
  /** Of POST and PUT. */
  readonly body: B;
  /** Of PATCH: the object that a merge patch must result in (RFC 7396). */
  readonly patch: C;
  readonly response: { readonly status: 200 | 201 | 202 | 204; readonly schema: R };
  /** The object has a version: ETag in the answer, If-None-Match on GET, If-Match on what changes it. */
  readonly versioned: boolean;
  /** The answer is a page of a list. */
  readonly paged: boolean;
  /** The answer shows a secret that is never shown again, so none is kept for an Idempotency-Key. */
  readonly secret: boolean;
  /** Beyond those that its method, parameters and body bring with them. */
  readonly problems: readonly ProblemCode[];
}

const none = z.strictObject({});
const nothing = z.undefined();
type None = typeof none;
type Nothing = typeof nothing;

interface Definition<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  C extends z.ZodType,
  R extends z.ZodType,
> extends Pick<
  Operation<P, Q, B, C, R>,
  'id' | 'service' | 'collection' | 'method' | 'path' | 'permission' | 'summary' | 'description'
> {
  readonly parameters?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly patch?: C;
  readonly response?: { readonly status?: 200 | 201 | 202; readonly schema: R };
  readonly scope?: ManagementScope;
  readonly reach?: 'tenant' | 'organisation';
  readonly versioned?: boolean;
  readonly paged?: boolean;
  readonly secret?: boolean;
  readonly problems?: readonly ProblemCode[];
}

export function operation<
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType = Nothing,
  C extends z.ZodType = Nothing,
  R extends z.ZodType = Nothing,
>(definition: Definition<P, Q, B, C, R>): Operation<P, Q, B, C, R> {
  const { response, method } = definition;
  return {
    scope: managementScopes.admin,
    reach: 'tenant',
    versioned: false,
    paged: false,
    secret: false,
    problems: [],
    ...definition,
    parameters: definition.parameters ?? (none as z.ZodType as P),
    query: definition.query ?? (none as z.ZodType as Q),
    body: definition.body ?? (nothing as z.ZodType as B),
    patch: definition.patch ?? (nothing as z.ZodType as C),
    response: response
      ? { status: response.status ?? (method === 'POST' ? 201 : 200), schema: response.schema }
      : { status: 204, schema: nothing as z.ZodType as R },
  };
}

/** Names of the parameters in the path, in their order. */
export const pathParametersOf = ({ path }: Pick<Operation, 'path'>): string[] =>
  [...path.matchAll(/\{([a-z_]+)\}/g)].flatMap(([, name]) => name ?? []);
