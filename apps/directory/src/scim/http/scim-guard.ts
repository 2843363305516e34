import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  managementResource,
  managementScopes,
  provisioningRefusalsSummarised,
  provisioningRefused,
  type Actor,
  type HeldPermission,
  type Tenant,
} from '@signet/contracts';
import { insufficientScope, invalidToken, presentedAccessToken, type OAuthError } from '@signet/protocol';
import {
  AccessTokenChecks,
  administratorOf,
  Authorities,
  FailureLog,
  isRefusal,
  networkOfRequest,
  proofOf,
  RateLimited,
  RateLimits,
  reachOf,
  tenantOf,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { scimContext, type ScimContext } from '../scim-context.js';
import { ScimRefusal } from '../scim-error.js';
import { ScimTenants } from '../scim-tenants.js';

/** What a handler asks for: a permission of the management resource server, or a token of somebody who reads himself. */
type Needed = 'scim:read' | 'scim:write' | 'self';

const needs = 'signet:scim';
export const Needs = (needed: Needed) => SetMetadata(needs, needed);

interface Provisioner {
  readonly context: ScimContext;
  /** The account whose token it is; none: the client acts for itself. */
  readonly accountId: string | undefined;
}

const provisioners = new WeakMap<HttpRequest['raw'], Provisioner>();

/** Only behind ScimGuard. */
export function provisionerOf(request: HttpRequest): Provisioner {
  const provisioner = provisioners.get(request.raw);
  if (!provisioner) throw new TypeError('A handler asked for its provisioner and has no ScimGuard.');
  return provisioner;
}

/**
 * RFC 7644 section 2: a live access token of this tenant, meant for the management resource server, with the scope signet:scim;
 * and the permission, which its account, or the client that acts for itself, holds in the whole tenant at this moment.
 */
@Injectable()
export class ScimGuard implements CanActivate {
  readonly #reflector = new Reflector();

  constructor(
    private readonly checks: AccessTokenChecks,
    private readonly authorities: Authorities,
    private readonly limits: RateLimits,
    private readonly failures: FailureLog,
    private readonly tenants: ScimTenants,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const needed = this.#reflector.get<Needed>(needs, execution.getHandler());
    const request = execution.switchToHttp().getRequest<HttpRequest>();
    const tenant = tenantOf(request);
    const refuse = (error: OAuthError, actor: Actor = 'anonymous') => this.#refuse(tenant, request, error, actor);
    const presented = presentedAccessToken({ authorization: request.headers.authorization });
    if (!presented.ok) return refuse(presented.error);
    const { scheme, token } = presented.value;
    const checked = await this.checks.check({ scheme, token, ...proofOf(request) });
    if (checked.outcome === 'refused') {
      const { status, headers, error, errorDescription, reason } = checked;
      return refuse({ error: error as OAuthError['error'], errorDescription, status, headers, detail: reason });
    }
    if (checked.nonce !== undefined) {
      void execution.switchToHttp().getResponse<HttpReply>().header('DPoP-Nonce', checked.nonce);
    }
    const { clientId, accountId } = checked;
    const { administrator, actor } = administratorOf(checked);
    // A tenant has an issuer of its own: another's tokens are nobody's here.
    if (checked.tenant.id !== tenant.id || !checked.audience.includes(managementResource)) {
      return refuse(invalidToken('The access token is not valid here', { scheme, detail: 'audience' }));
    }
    const taken = this.limits.take('client', `${tenant.id} ${clientId}`);
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
    if (!checked.scopes.includes(managementScopes.scim)) {
      return refuse(insufficientScope(managementScopes.scim, { scheme }), actor);
    }
    const held = await this.authorities.of(administrator);
    if (!suffices(needed, held)) {
      return this.#refuse(tenant, request, missing(needed), actor);
    }
    const events = { actor, network: networkOfRequest(request) };
    const context = scimContext(tenant, await this.tenants.definitionsOf(tenant), events, held);
    provisioners.set(request.raw, { context, accountId: accountId ?? undefined });
    return true;
  }

  async #refuse(tenant: Tenant, request: HttpRequest, error: OAuthError, actor: Actor): Promise<never> {
    if (isRefusal(error)) {
      await this.failures.record(provisioningRefused, provisioningRefusalsSummarised, {
        ...{ tenantId: tenant.id, reason: error.detail ?? error.error },
        context: { actor, network: networkOfRequest(request) },
        data: { operation: `${request.method} ${request.routeOptions.url ?? ''}`.slice(0, 200) },
      });
    }
    throw new ScimRefusal(error.status, error.errorDescription, error.headers ?? {});
  }
}

const suffices = (needed: Needed, held: readonly HeldPermission[]): boolean =>
  needed === 'self' || reachOf(held, needed)?.kind === 'tenant';

const missing = (permission: Needed): OAuthError => ({
  ...{ error: 'access_denied', status: 403, detail: 'insufficient_permission' },
  errorDescription: `The permission ${permission} is needed in the whole tenant`,
});
