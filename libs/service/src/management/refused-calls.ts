import { managementEvents, type Actor, type Operation, type ServiceName, type TenantId } from '@signet/contracts';
import type { FailureLog } from '../events/failure-log.js';
import { networkOfRequest } from '../http/network.js';
import type { HttpRequest } from '../http/types.js';
import type { TenantLookup } from '../tenancy/tenant-lookup.js';

/** Whom a refusal is put down to. */
export interface RefusedCall {
  readonly tenantId: TenantId | null;
  readonly actor: Actor;
  readonly reason: string;
}

/** Records refused calls of the Management API; beyond ten a minute of a kind and network they are counted. */
export class RefusedCalls {
  constructor(
    private readonly failures: Pick<FailureLog, 'record'>,
    private readonly tenants: Pick<TenantLookup, 'tenantBySlug'>,
    private readonly service: ServiceName,
  ) {}

  /** A token of nobody's counts against the default tenant, whose plane it is. */
  async record({ id }: Operation, request: HttpRequest, { tenantId, actor, reason }: RefusedCall): Promise<void> {
    const known = tenantId ?? (await this.tenants.tenantBySlug('default'))?.id;
    if (known === undefined) return;
    const { refused, summarised } = managementEvents[this.service];
    const context = { actor, network: networkOfRequest(request) };
    await this.failures.record(refused, summarised, { tenantId: known, context, reason, data: { operation: id } });
  }
}
