import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { Request } from '@signet/contracts';
import { throwError, type Observable } from 'rxjs';
import type { z } from 'zod';
import type { CallContext } from './call-context.js';

/** Nest's default filter would replace the error by a text before the transport could map and log it. */
@Catch()
class AsThrown implements RpcExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}

type Handler<Q extends z.ZodType, A extends z.ZodType> = (
  input: z.output<Q>,
  context: CallContext,
) => z.input<A> | Promise<z.input<A>>;

/**
 * Makes a controller's method answer `contract`: called with the validated request and the call's context, its result is
 * validated. The method's type is checked against the contract. Throws reach the caller as MeshError, others as `internal`.
 */
export function Serves<Q extends z.ZodType, A extends z.ZodType>(
  contract: Request<Q, A>,
): <T extends Handler<Q, A>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>) => void {
  const handles = applyDecorators(MessagePattern(contract.subject, { contract }), UseFilters(new AsThrown()));
  return (target, key, descriptor) => {
    handles(target, key, descriptor);
    // Undecorated, Nest would hand over the payload alone.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
}
