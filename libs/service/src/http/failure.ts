import { HttpException } from '@nestjs/common';
import { MeshError } from '@signet/messaging';
import { DatabaseUnavailable, OutboxFull } from '@signet/persistence';
import { Overloaded } from '../passwords/overloaded.js';

/** Why a request got no answer of its own. The texts are constant: nothing of an error reaches the public. */
export interface PageFailure {
  readonly kind: 'invalid-request' | 'not-found' | 'too-many-attempts' | 'temporarily-unavailable' | 'server-error';
  /** HTTP. */
  readonly status: number;
  /** As an RFC names it, where one does. */
  readonly code: string;
  readonly description: string;
  /** By which the log knows it. */
  readonly traceId: string;
  /** Goes into Retry-After as well. */
  readonly retryAfterSeconds?: number;
}

/** A token bucket was empty. */
export class RateLimited extends Error {
  override readonly name = 'RateLimited';

  constructor(readonly retryAfter: number) {
    super('The rate limit is reached.');
  }
}

/** A body of a type that the handler does not read. */
export class UnsupportedMediaType extends Error {
  override readonly name = 'UnsupportedMediaType';
}

/** A path that has routes for other methods. */
export class MethodNotAllowed extends Error {
  override readonly name = 'MethodNotAllowed';
}

type Classified = Omit<PageFailure, 'traceId'>;

const unavailable = (retryAfterSeconds: number): Classified => ({
  kind: 'temporarily-unavailable',
  status: 503,
  code: 'temporarily_unavailable',
  description: 'The service cannot answer at the moment',
  retryAfterSeconds,
});

const refusals: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  405: 'The path has no such method',
  408: 'The request took too long to arrive',
  413: 'The request body is too large',
  414: 'The request URI is too long',
  415: 'The content type is not supported',
};

/** How a failure is told. `undefined` for what nobody expected: a bug, told as a server error and logged whole. */
export function classify(thrown: unknown): Classified | undefined {
  if (thrown instanceof RateLimited)
    return {
      kind: 'too-many-attempts',
      status: 429,
      code: 'temporarily_unavailable',
      description: 'Too many requests',
      retryAfterSeconds: thrown.retryAfter,
    };
  if (thrown instanceof OutboxFull) return unavailable(10);
  if (thrown instanceof DatabaseUnavailable || thrown instanceof Overloaded) return unavailable(1);
  if (thrown instanceof MeshError) return transient.has(thrown.code) ? unavailable(1) : undefined;
  const status = httpStatus(thrown);
  if (status === 404) return { kind: 'not-found', status, code: 'not_found', description: 'There is nothing here' };
  // Fastify's own limit on the time of a handler.
  if (status === 503) return unavailable(1);
  if (status === undefined || status >= 500) return undefined;
  const description = refusals[status] ?? 'The request was refused';
  return { kind: 'invalid-request', status, code: 'invalid_request', description };
}

const transient: ReadonlySet<string> = new Set(['unavailable', 'deadline_exceeded', 'resource_exhausted']);

/** The status of a request that was refused before its handler judged it: by us, by Nest or by Fastify. */
function httpStatus(thrown: unknown): number | undefined {
  if (thrown instanceof UnsupportedMediaType) return 415;
  if (thrown instanceof MethodNotAllowed) return 405;
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error) || !('statusCode' in thrown) || typeof thrown.statusCode !== 'number')
    return undefined;
  return 'code' in thrown && String(thrown.code).startsWith('FST_') ? thrown.statusCode : undefined;
}

/** The code that another service is answered with. */
export function meshErrorOf(thrown: unknown): MeshError | undefined {
  const failure = thrown instanceof MeshError ? undefined : classify(thrown);
  if (failure?.kind !== 'temporarily-unavailable') return undefined;
  return new MeshError('unavailable', failure.description, undefined, { cause: thrown });
}
