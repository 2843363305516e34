import { z } from 'zod';
import { parseFilter, type Filter } from '../filter/parse-filter.js';
import { invalid } from '../scim-error.js';
import { readProjection, type Projection } from '../schema/projection.js';
import { shown } from '../schema/read-value.js';
import type { ResourceType } from '../schema/resource-type.js';

/** Resources in one answer. */
export const mostResults = 200;
const usual = 100;

/** RFC 7644 section 3.4.2. */
export interface ListQuery {
  readonly filter: Filter | undefined;
  /** The path that `sortBy` names, as the schema has it. */
  readonly sortBy: string | undefined;
  readonly descending: boolean;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly projection: Projection;
}

export interface ListParameters {
  readonly filter?: string | undefined;
  readonly sortBy?: string | undefined;
  readonly sortOrder?: string | undefined;
  readonly startIndex?: number | undefined;
  readonly count?: number | undefined;
  readonly attributes?: readonly string[] | undefined;
  readonly excludedAttributes?: readonly string[] | undefined;
}

/** Throws ScimError. */
export function readListQuery(type: ResourceType, asked: ListParameters): ListQuery {
  const { filter, sortBy, sortOrder = 'ascending', startIndex = 1, count = usual } = asked;
  const sorted = sortBy === undefined ? undefined : type.target(sortBy);
  if (sortBy !== undefined && !sorted)
    throw invalid('invalidPath', `A ${type.name} has no attribute “${shown(sortBy)}”`);
  if (sortOrder !== 'ascending' && sortOrder !== 'descending') {
    throw invalid('invalidValue', 'sortOrder is ascending or descending');
  }
  return {
    filter: filter === undefined ? undefined : parseFilter(type, filter),
    sortBy: sorted && [sorted.attribute, sorted.sub].flatMap((attribute) => attribute?.name ?? []).join('.'),
    descending: sortOrder === 'descending',
    // "A value less than 1 SHALL be interpreted as 1", "A negative value SHALL be interpreted as "0"".
    startIndex: Math.max(1, startIndex),
    count: Math.min(mostResults, Math.max(0, count)),
    projection: readProjection(type, asked.attributes, asked.excludedAttributes),
  };
}

const known = ['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes'] as const;
const number = z
  .string()
  .regex(/^[+-]?\d{1,9}$/)
  .transform(Number);

/** Of a query string. Others than RFC 7644's are let be: Entra ID adds its flags to each URL. */
export function listParameters(query: string): ListParameters {
  const sent = new URLSearchParams(query);
  const values = new Map<string, string>();
  for (const name of known) {
    const [value, ...more] = sent.getAll(name);
    if (more.length > 0) throw invalid('invalidValue', `${name} is given more than once`);
    if (value !== undefined) values.set(name, value);
  }
  return {
    filter: values.get('filter'),
    sortBy: values.get('sortBy'),
    sortOrder: values.get('sortOrder'),
    startIndex: numberOf('startIndex', values.get('startIndex')),
    count: numberOf('count', values.get('count')),
    attributes: namesOf(values.get('attributes')),
    excludedAttributes: namesOf(values.get('excludedAttributes')),
  };
}

function numberOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = number.safeParse(value);
  if (!parsed.success) throw invalid('invalidValue', `${name} is no number`);
  return parsed.data;
}

function namesOf(value: string | undefined): string[] | undefined {
  const names = value?.split(',').map((name) => name.trim()) ?? [];
  const given = names.filter((name) => name !== '');
  return given.length === 0 ? undefined : given;
}

const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const int = z.int().min(-999_999_999).max(999_999_999).optional();
const names = z.array(z.string()).max(50).optional();
const search = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(searchUrn)),
  filter: z.string().optional(),
  sortBy: z.string().max(200).optional(),
  sortOrder: z.string().optional(),
  startIndex: int,
  count: int,
  attributes: names,
  excludedAttributes: names,
});

/** Of a POST to `.search` (RFC 7644 section 3.4.3). */
export function searchParameters(body: unknown): ListParameters {
  const parsed = search.safeParse(body);
  if (!parsed.success) throw invalid('invalidSyntax', 'The body is no SearchRequest');
  return parsed.data;
}
