import { managementEvents, type Actor, type Operation, type ServiceName, type TenantId } from '@signet/contracts';
import type { FailureLog } from '../events/failure-log.js';
import { networkOfRequest } from '../http/network.js';
import type { HttpRequest } from '../http/types.js';

/** Whom a refusal is put down to. */
export interface RefusedCall {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly reason: string;
}

/** Records refused calls of the Management API; beyond ten a minute of a kind and network they are counted. */
export class RefusedCalls {
  constructor(
    private readonly failures: Pick<FailureLog, 'record'>,
    private readonly service: ServiceName,
  ) {}

  async record({ id }: Operation, request: HttpRequest, { tenantId, actor, reason }: RefusedCall): Promise<void> {
    const { refused, summarised } = managementEvents[this.service];
    const context = { actor, network: networkOfRequest(request) };
    await this.failures.record(refused, summarised, { tenantId, context, reason, data: { operation: id } });
  }
}
