import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { managementResource, type Operation, type ProblemCode } from '@signet/contracts';
import {
  insufficientScope,
  invalidToken,
  parseParameters,
  presentedAccessToken,
  type OAuthError,
} from '@signet/protocol';
import { rawQuery } from '../http/body-parsers.js';
import { RateLimited } from '../http/failure.js';
import { networkOfRequest } from '../http/network.js';
import type { HttpReply, HttpRequest } from '../http/types.js';
import { RateLimits } from '../limits/rate-limits.js';
import { findTenantOf } from '../tenancy/tenant-of.js';
import { reachOf, setCaller } from './caller.js';
import { ManagementProblem } from './management-problem.js';
import { AccessTokenChecks, Authorities, type CheckedToken } from './ports.js';
import { administratorOf, isRefusal, proofOf } from './presented-call.js';
import { RefusedCalls, type RefusedCall } from './refused-calls.js';
import { TenantLookup } from '../tenancy/tenant-lookup.js';

export const operationMetadata = 'signet:operation';

/** Whom a refusal is put down to; a token may be nobody's. */
interface Whose extends Pick<RefusedCall, 'actor'> {
  readonly tenantId: RefusedCall['tenantId'] | null;
}

type LiveToken = Extract<CheckedToken, { outcome: 'live' }>;

/**
 * Lets a call through to its operation: with a live access token of a tenant of ours, meant for the Management API, with the
 * scope; and with the permission, which its account, or the client that acts for itself, holds at this moment.
 */
@Injectable()
export class ManagementGuard implements CanActivate {
  readonly #reflector = new Reflector();

  constructor(
    private readonly checks: AccessTokenChecks,
    private readonly authorities: Authorities,
    private readonly limits: RateLimits,
    private readonly refused: RefusedCalls,
    private readonly tenants: TenantLookup,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.#reflector.get<Operation>(operationMetadata, context.getHandler());
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const reply = context.switchToHttp().getResponse<HttpReply>();
    const token = await this.#liveToken(operation, request);
    if (token.nonce !== undefined) void reply.header('DPoP-Nonce', token.nonce);
    const { tenant, clientId, accountId } = token;
    const { administrator, actor: principal } = administratorOf(token);
    this.#take('tenant', tenant.id);
    this.#take('client', `${tenant.id} ${clientId}`);
    const held = await this.authorities.of(administrator);
    const reach = reachOf(held, operation.permission);
    const suffices = reach?.kind === 'tenant' || (reach !== undefined && operation.reach === 'organisation');
    if (!suffices || (operation.collection === 'tenants' && tenant.slug !== 'default')) {
      const refused = { tenantId: tenant.id, actor: principal, reason: 'insufficient_permission' };
      await this.refused.record(operation, request, refused);
      throw new ManagementProblem('insufficient-permission', missing(operation));
    }
    setCaller(request, {
      ...{ tenant, clientId, accountId: accountId ?? undefined, principal, reach, held },
      context: { actor: principal, network: networkOfRequest(request) },
    });
    return true;
  }

  /** A token that may call the operation at all. */
  async #liveToken(operation: Operation, request: HttpRequest): Promise<LiveToken> {
    const nobody: Whose = { tenantId: null, actor: 'anonymous' };
    const query = parseParameters(rawQuery(request));
    const presented = presentedAccessToken({
      authorization: request.headers.authorization,
      query: query.parameters,
    });
    if (!presented.ok) return this.#refuse(operation, request, nobody, presented.error);
    const { scheme, token } = presented.value;
    const checked = await this.checks.check({ scheme, token, ...proofOf(request) });
    if (checked.outcome === 'refused') {
      const { tenantId, status, headers, error, errorDescription, reason } = checked;
      const told = { error: error as OAuthError['error'], errorDescription, status, headers, detail: reason };
      return this.#refuse(operation, request, { ...nobody, tenantId }, told);
    }
    const asClient = { tenantId: checked.tenant.id, actor: `client:${checked.clientId}` };
    // A path that names a tenant is for tokens of that tenant alone.
    const there = findTenantOf(request)?.id ?? checked.tenant.id;
    if (checked.tenant.id !== there || !checked.audience.includes(managementResource)) {
      const error = invalidToken('The access token is not valid here', { scheme, detail: 'audience' });
      return this.#refuse(operation, request, asClient, error);
    }
    if (!checked.scopes.includes(operation.scope)) {
      return this.#refuse(operation, request, asClient, insufficientScope(operation.scope, { scheme }));
    }
    return checked;
  }

  async #refuse(operation: Operation, request: HttpRequest, whose: Whose, error: OAuthError): Promise<never> {
    if (isRefusal(error)) {
      // A token of nobody's counts against the default tenant, whose plane it is.
      const tenantId = whose.tenantId ?? (await this.tenants.tenantBySlug('default'))?.id;
      const { actor } = whose;
      const reason = error.detail ?? error.error;
      if (tenantId) await this.refused.record(operation, request, { tenantId, actor, reason });
    }
    const code: ProblemCode =
      error.status === 403 ? 'insufficient-scope' : error.status === 400 ? 'invalid-request' : 'unauthenticated';
    throw new ManagementProblem(code, error.errorDescription, { headers: error.headers ?? {} });
  }

  #take(bucket: 'tenant' | 'client', key: string): void {
    const taken = this.limits.take(bucket, key);
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
  }
}

const missing = ({ collection, permission, reach }: Operation): string =>
  collection === 'tenants'
    ? `${permission} is needed, and a token of the default tenant`
    : `${permission} is needed${reach === 'tenant' ? ' in the whole tenant' : ''}`;
