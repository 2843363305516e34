import { Injectable, NotFoundException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RateLimited } from '../http/failure.js';
import type { HttpRequest } from '../http/types.js';
import { RateLimits } from '../limits/rate-limits.js';
import { TenantLookup } from './tenant-lookup.js';
import { setTenant } from './tenant-of.js';

/** The tenant whose URLs name no tenant. */
const defaultSlug = 'default';

/** Finds the tenant that the path names, and lets nobody through to one that is not there or is disabled. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly tenants: TenantLookup,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const { slug } = request.params as { slug?: string };
    // A tenant has one name: the default one is not also found under its slug.
    const tenant = slug === defaultSlug ? undefined : await this.tenants.tenantBySlug(slug ?? defaultSlug);
    if (!tenant?.enabled) throw new NotFoundException();
    const taken = this.limits.take('tenant', tenant.id);
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
    setTenant(request, tenant);
    return true;
  }
}
