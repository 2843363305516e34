import { z } from 'zod';
import { invalid, ScimError } from '../scim-error.js';
import { bulkLimits } from './bulk-limits.js';

const urn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

const operation = z.object({
  method: z.string().transform((method) => method.toUpperCase()),
  path: z.string().max(1_000),
  bulkId: z.string().min(1).max(200).optional(),
  version: z.string().max(100).optional(),
  data: z.unknown().optional(),
});

const request = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(urn)),
  failOnErrors: z.int().min(1).optional(),
  Operations: z.array(z.unknown()).min(1),
});

export type BulkOperation = z.infer<typeof operation>;

export interface BulkRequest {
  readonly failOnErrors: number;
  readonly operations: readonly BulkOperation[];
}

/** RFC 7644 section 3.7. Throws ScimError for a request as a whole; what an operation asks is looked at when its turn comes. */
export function readBulk(body: unknown): BulkRequest {
  const parsed = request.safeParse(body);
  if (!parsed.success) throw invalid('invalidSyntax', 'The body is no BulkRequest');
  const { Operations, failOnErrors = Number.POSITIVE_INFINITY } = parsed.data;
  // Section 3.7.4.
  if (Operations.length > bulkLimits.maxOperations) {
    throw new ScimError(413, undefined, `More than maxOperations (${bulkLimits.maxOperations})`);
  }
  const operations = z.array(operation).safeParse(Operations);
  if (!operations.success) throw invalid('invalidSyntax', 'An operation has no method and path');
  const ids = operations.data.flatMap(({ bulkId }) => bulkId ?? []);
  if (new Set(ids).size < ids.length) throw invalid('invalidValue', 'Two operations have the same bulkId');
  return { failOnErrors, operations: operations.data };
}
