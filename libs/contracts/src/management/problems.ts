import { z } from 'zod';

/** Each code's status and title: `type` is `urn:signet:problem:<code>` (RFC 9457 section 3.1). */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is malformed' },
  'invalid-object': { status: 400, title: 'The object is not valid' },
  unauthenticated: { status: 401, title: 'A valid access token is required' },
  'insufficient-scope': { status: 403, title: 'The access token has not the scope for this' },
  'insufficient-permission': { status: 403, title: 'The permission for this is missing' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The path has no such method' },
  timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'Another object has this name' },
  'in-use': { status: 409, title: 'Other objects refer to this one' },
  'built-in': { status: 409, title: 'This belongs to Signet itself and does not change' },
  'limit-reached': { status: 409, title: 'There are as many as there may be' },
  'not-restorable': { status: 409, title: 'The account cannot be restored' },
  'in-progress': { status: 409, title: 'A request with this Idempotency-Key is under way' },
  'shown-once': { status: 409, title: 'This was done, and its secret is not shown again' },
  stale: { status: 412, title: 'The object has changed' },
  'too-large': { status: 413, title: 'The request body is too large' },
  'uri-too-long': { status: 414, title: 'The request URI is too long' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'server-error': { status: 500, title: 'Something went wrong' },
  unavailable: { status: 503, title: 'The service cannot answer at the moment' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof problems;

/** What is wrong with one member of the body (a JSON Pointer, RFC 6901), or with one parameter. */
export const problemError = z.strictObject({
  pointer: z.string().optional(),
  parameter: z.string().optional(),
  detail: z.string(),
});
export type ProblemError = z.infer<typeof problemError>;

/** A body of application/problem+json. `trace_id`: by which the log knows of a server error. */
export const problem = z.strictObject({
  type: z.string().regex(/^urn:signet:problem:[a-z-]+$/),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().optional(),
  errors: z.array(problemError).optional(),
  trace_id: z.string().optional(),
});
export type ProblemBody = z.infer<typeof problem>;

export const problemType = 'application/problem+json';
