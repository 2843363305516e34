import { z } from 'zod';
import type { IdPrefix } from '../ids.js';
import { listOf, listQuery } from './lists.js';
import { operation } from './operation.js';
import type { Collection } from './permissions.js';

/** An id in an answer. */
export const idText = (prefix: IdPrefix) => z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`));

/** What every object has beside its own members; nobody sets it. */
export const stamps = {
  version: z.int().positive().describe('The same as its ETag.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
} as const;

interface Definition<
  P extends z.ZodType,
  F extends z.ZodRawShape,
  C extends z.ZodType,
  U extends z.ZodType,
  R extends z.ZodType,
> {
  readonly collection: Collection;
  /** `Role`, `Roles`: in operationIds; `a role`, `roles`: in sentences. */
  readonly names: readonly [one: string, many: string, aOne: string, theMany: string];
  /** Of the path: what names one. */
  readonly parameters: P;
  readonly parameter: string;
  readonly filters: F;
  readonly created: C;
  readonly updated: U;
  readonly shown: R;
  /** Of reading, changing and deleting; creating may reach as far, or need the whole tenant. */
  readonly reach?: 'tenant' | 'organisation';
  readonly createReach?: 'tenant' | 'organisation';
  /** The answer of `create` shows a secret. */
  readonly secret?: boolean;
  readonly createdAs?: z.ZodType;
}

/** The five operations of a collection of the directory. */
export function collectionOperations<
  P extends z.ZodType,
  F extends z.ZodRawShape,
  C extends z.ZodType,
  U extends z.ZodType,
  R extends z.ZodType,
>(of: Definition<P, F, C, U, R>) {
  const { collection, parameters, reach = 'tenant', createReach = reach } = of;
  const [one, many, aOne, theMany] = of.names;
  const about = { service: 'directory', collection, reach } as const;
  const path = `/${collection}`;
  const onePath = `${path}/{${of.parameter}}`;
  return {
    list: operation({
      ...about,
      id: `list${many}`,
      method: 'GET',
      path,
      permission: `${collection}:read`,
      summary: `List ${theMany}`,
      query: listQuery(of.filters),
      paged: true,
      response: { schema: listOf(of.shown) },
    }),
    create: operation({
      ...{ ...about, reach: createReach },
      id: `create${one}`,
      method: 'POST',
      path,
      permission: `${collection}:write`,
      summary: `Create ${aOne}`,
      body: of.created,
      versioned: true,
      secret: of.secret ?? false,
      response: { schema: (of.createdAs ?? of.shown) as R },
      problems: ['conflict'],
    }),
    read: operation({
      ...about,
      id: `read${one}`,
      method: 'GET',
      path: onePath,
      permission: `${collection}:read`,
      summary: `Read ${aOne}`,
      parameters,
      versioned: true,
      response: { schema: of.shown },
    }),
    update: operation({
      ...about,
      id: `update${one}`,
      method: 'PATCH',
      path: onePath,
      permission: `${collection}:write`,
      summary: `Change ${aOne}`,
      parameters,
      patch: of.updated,
      versioned: true,
      response: { schema: of.shown },
      problems: ['conflict'],
    }),
    remove: operation({
      ...about,
      id: `delete${one}`,
      method: 'DELETE',
      path: onePath,
      permission: `${collection}:write`,
      summary: `Delete ${aOne}`,
      parameters,
      versioned: true,
      problems: ['in-use'],
    }),
  } as const;
}
