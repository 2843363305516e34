import {
  applyDecorators,
  Controller,
  createParamDecorator,
  SetMetadata,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import type { HttpRequest } from '../http/types.js';
import { RateLimitGuard } from '../limits/rate-limit-guard.js';
import { TenantGuard } from './tenant-guard.js';
import { tenantOf } from './tenant-of.js';

/**
 * A controller whose endpoints every tenant has: at `path` for the default tenant, at `path/t/<slug>` for the others. A path with `:slug` in it is
 * taken as it is. Unknown and disabled tenants are 404.
 */
export function PerTenant(...paths: [string, ...string[]]): ClassDecorator {
  const all = paths.flatMap((path) => (path.includes(':slug') ? [path] : [path, `${path}/t/:slug`]));
  return applyDecorators(Controller(all), UseGuards(RateLimitGuard, TenantGuard));
}

/** The tenant that the request is for. Only behind TenantGuard. */
export const CurrentTenant = createParamDecorator((_: unknown, context: ExecutionContext): Tenant =>
  tenantOf(context.switchToHttp().getRequest<HttpRequest>()),
);

/** Says that a handler is for everybody, so that none is so by oversight. */
export const Public = () => SetMetadata('signet:public', true);
