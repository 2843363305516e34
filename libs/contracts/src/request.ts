import type { z } from 'zod';
import type { ServiceName } from './services.js';

/** The codes that a request may fail with; each has one meaning in every service. */
export type RequestErrorCode =
  | 'invalid_argument'
  | 'not_found'
  | 'conflict'
  | 'unauthenticated'
  | 'permission_denied'
  | 'failed_precondition'
  | 'resource_exhausted'
  | 'deadline_exceeded'
  | 'unavailable'
  | 'internal';

/** One message between services. Both ends validate both directions; who receives drops members that it does not know (docs/adr/0025). */
export interface Request<Q extends z.ZodType = z.ZodType, A extends z.ZodType = z.ZodType> {
  /** `signet.rpc.<service>.v1.<noun>.<verb>` */
  readonly subject: string;
  readonly request: Q;
  readonly response: A;
  /** Codes a caller must expect beyond those that every request may fail with (invalid_argument, unavailable …). */
  readonly errors: readonly RequestErrorCode[];
  /** Milliseconds; the caller's deadline where it is the shorter. */
  readonly timeout: number;
}

const defaultTimeout = 2_000;

export function request<Q extends z.ZodType, A extends z.ZodType>(
  service: ServiceName,
  noun: string,
  verb: string,
  contract: { request: Q; response: A; errors?: readonly RequestErrorCode[]; timeout?: number },
): Request<Q, A> {
  return {
    subject: `signet.rpc.${service}.v1.${noun}.${verb}`,
    request: contract.request,
    response: contract.response,
    errors: contract.errors ?? [],
    timeout: contract.timeout ?? defaultTimeout,
  };
}
