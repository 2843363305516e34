import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  managementEvents,
  managementResource,
  type Actor,
  type Operation,
  type ProblemCode,
  type TenantId,
} from '@signet/contracts';
import {
  insufficientScope,
  invalidToken,
  parseParameters,
  presentedAccessToken,
  type OAuthError,
  type PresentedAccessToken,
} from '@signet/protocol';
import { ServiceConfiguration } from '../configuration/service-configuration.js';
import { FailureLog } from '../events/failure-log.js';
import { rawQuery } from '../http/body-parsers.js';
import { RateLimited } from '../http/failure.js';
import { networkOfRequest } from '../http/network.js';
import type { HttpReply, HttpRequest } from '../http/types.js';
import { RateLimits } from '../limits/rate-limits.js';
import { TenantLookup } from '../tenancy/tenant-lookup.js';
import { reachOf, setCaller } from './caller.js';
import { ManagementProblem } from './management-problem.js';
import { AccessTokenChecks, Authorities, type Administrator, type CheckedToken } from './ports.js';

export const operationMetadata = 'signet:operation';

type LiveToken = Extract<CheckedToken, { outcome: 'live' }>;

/** Whom a refusal is put down to. */
interface Refused {
  readonly tenantId: TenantId | null;
  readonly actor: Actor;
  readonly reason: string;
}

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
    private readonly failures: FailureLog,
    private readonly tenants: TenantLookup,
    private readonly configuration: ServiceConfiguration,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.#reflector.get<Operation>(operationMetadata, context.getHandler());
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const reply = context.switchToHttp().getResponse<HttpReply>();
    const token = await this.#liveToken(operation, request);
    if (token.nonce !== undefined) void reply.header('DPoP-Nonce', token.nonce);
    const { tenant, clientId, accountId } = token;
    this.#take('tenant', tenant.id);
    this.#take('client', `${tenant.id} ${clientId}`);
    const administrator: Administrator = {
      tenantId: tenant.id,
      ...(accountId === null ? { clientId } : { accountId }),
    };
    const principal: Actor = accountId === null ? `client:${clientId}` : `account:${accountId}`;
    const held = await this.authorities.of(administrator);
    const reach = reachOf(held, operation.permission);
    const suffices = reach?.kind === 'tenant' || (reach !== undefined && operation.reach === 'organisation');
    if (!suffices || (operation.collection === 'tenants' && tenant.slug !== 'default')) {
      const refused = { tenantId: tenant.id, actor: principal, reason: 'insufficient_permission' };
      await this.#record(operation, request, refused);
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
    const nobody: Pick<Refused, 'tenantId' | 'actor'> = { tenantId: null, actor: 'anonymous' };
    const query = parseParameters(rawQuery(request));
    const presented = presentedAccessToken({
      authorization: request.headers.authorization,
      query: query.parameters,
    });
    if (!presented.ok) return this.#refuse(operation, request, nobody, presented.error);
    const checked = await this.#check(request, presented.value);
    if (checked.outcome === 'refused') {
      const { tenantId, status, headers, error, errorDescription, reason } = checked;
      const told = { error: error as OAuthError['error'], errorDescription, status, headers, detail: reason };
      return this.#refuse(operation, request, { ...nobody, tenantId }, told);
    }
    const { scheme } = presented.value;
    const asClient = { tenantId: checked.tenant.id, actor: `client:${checked.clientId}` };
    if (!checked.audience.includes(managementResource)) {
      const error = invalidToken('The access token is not valid here', { scheme, detail: 'audience' });
      return this.#refuse(operation, request, asClient, error);
    }
    if (!checked.scopes.includes(operation.scope)) {
      return this.#refuse(operation, request, asClient, insufficientScope(operation.scope, { scheme }));
    }
    return checked;
  }

  #check(request: HttpRequest, { scheme, token }: PresentedAccessToken): Promise<CheckedToken> {
    const [path = ''] = (request.raw.url ?? '').split('?', 1);
    // RFC 9449 section 4.3: one proof alone; the second is sent along to be refused.
    const proofs = (request.raw.headersDistinct['dpop'] ?? []).slice(0, 2);
    return this.checks.check({ scheme, token, proofs, method: request.method, path });
  }

  async #refuse(
    operation: Operation,
    request: HttpRequest,
    whose: Pick<Refused, 'tenantId' | 'actor'>,
    error: OAuthError,
  ): Promise<never> {
    if (!notRefusals.has(error.error)) {
      await this.#record(operation, request, { ...whose, reason: error.detail ?? error.error });
    }
    const code: ProblemCode =
      error.status === 403 ? 'insufficient-scope' : error.status === 400 ? 'invalid-request' : 'unauthenticated';
    throw new ManagementProblem(code, error.errorDescription, { headers: error.headers ?? {} });
  }

  /** A token of nobody's counts against the default tenant, whose plane it is. */
  async #record({ id }: Operation, request: HttpRequest, { tenantId, actor, reason }: Refused): Promise<void> {
    const known = tenantId ?? (await this.tenants.tenantBySlug('default'))?.id;
    if (known === undefined) return;
    const { refused, summarised } = managementEvents[this.configuration.service];
    const context = { actor, network: networkOfRequest(request) };
    await this.failures.record(refused, summarised, { tenantId: known, context, reason, data: { operation: id } });
  }

  #take(bucket: 'tenant' | 'client', key: string): void {
    const taken = this.limits.take(bucket, key);
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
  }
}

/** Malformed requests, and a nonce that every client has to be told once. */
const notRefusals: ReadonlySet<string> = new Set(['invalid_request', 'use_dpop_nonce']);

const missing = ({ collection, permission, reach }: Operation): string =>
  collection === 'tenants'
    ? `${permission} is needed, and a token of the default tenant`
    : `${permission} is needed${reach === 'tenant' ? ' in the whole tenant' : ''}`;
