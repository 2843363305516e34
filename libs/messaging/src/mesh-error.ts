import { RpcException } from '@nestjs/microservices';
import type { RequestErrorCode } from '@signet/contracts';

export type MeshErrorCode = RequestErrorCode;

const codes: ReadonlySet<string> = new Set<MeshErrorCode>([
  'invalid_argument',
  'not_found',
  'conflict',
  'unauthenticated',
  'permission_denied',
  'failed_precondition',
  'resource_exhausted',
  'deadline_exceeded',
  'unavailable',
  'internal',
]);

/**
 * The only error that crosses between services. Message and details travel, so nothing secret may be in them;
 * for `internal` neither travels. Extends RpcException because Nest's default filter replaces any other class.
 */
export class MeshError extends RpcException {
  override readonly name = 'MeshError';
  readonly details?: unknown;

  constructor(
    readonly code: MeshErrorCode,
    message: string,
    details?: unknown,
    options?: { readonly cause?: unknown },
  ) {
    super(message);
    if (details !== undefined) this.details = details;
    if (options?.cause !== undefined) this.cause = options.cause;
  }

  override getError(): this {
    return this;
  }
}

/** True for the ten codes; a code from a newer peer is not one and is read as `internal`. */
export function isMeshErrorCode(code: string): code is MeshErrorCode {
  return codes.has(code);
}
