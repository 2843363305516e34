import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RateLimited } from '../http/failure.js';
import { networkOfRequest } from '../http/network.js';
import type { HttpRequest } from '../http/types.js';
import { networkKey } from './network-key.js';
import { RateLimits } from './rate-limits.js';

/** Takes from the network's bucket, before anything is looked up. A tenant's and a client's are taken from where they are known. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const taken = this.limits.take('network', networkKey(networkOfRequest(request).ip));
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
    return true;
  }
}
