import { Controller } from '@nestjs/common';
import { requestRefusal, resolveRequest } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { invalidRequestUri, fail, ok, type OAuthError, type ResolvedRequest, type Result } from '@signet/protocol';
import { DirectoryCopies } from '@signet/service';
import type { z } from 'zod';
import { Floors } from '../floors/floors.js';
import { TenantClients } from '../http/clients.js';
import { findPushedRequest } from '../pushed-requests/store/find-pushed-request.js';
import { RequestResolver } from './request-resolver.js';

type Asked = z.output<typeof resolveRequest.request>;
type Answer = z.input<typeof resolveRequest.response>;

/** What authn asks for an authorization request that says elsewhere what it asks for. */
@Controller()
export class RequestsController {
  constructor(
    private readonly copies: DirectoryCopies,
    private readonly floors: Floors,
    private readonly database: Database,
    private readonly resolver: RequestResolver,
  ) {}

  @Serves(resolveRequest)
  async resolve({ tenantId, clientId, asked }: Asked): Promise<Answer> {
    if ('pushed' in asked) return answerOf(await this.#pushed({ tenantId, clientId, ...asked.pushed }));
    const tenant = await this.copies.tenantById(tenantId);
    const registered = tenant && (await new TenantClients(this.copies, this.floors, tenant).find(clientId));
    if (tenant === undefined || registered === undefined) {
      throw new MeshError('unavailable', 'directory knows of no such client');
    }
    return answerOf(await this.resolver.resolve(tenant, registered.client, asked));
  }

  /** RFC 9126 section 4. One answer, whatever is wrong with the reference. */
  async #pushed(reference: Parameters<typeof findPushedRequest.parameters>[0]): Promise<Result<ResolvedRequest>> {
    const found = await this.database.first(findPushedRequest, reference);
    if (found === undefined || found.spent || found.expired) {
      return fail(invalidRequestUri('The request_uri is unknown, has expired or has been used'));
    }
    return ok({ parameters: found.parameters });
  }
}

function answerOf(resolved: Result<ResolvedRequest>): Answer {
  if (!resolved.ok) return refusalOf(resolved.error);
  const parameters = Object.entries(resolved.value.parameters).map(([name, values]): [string, string[]] => [
    name,
    [...values],
  ]);
  return { outcome: 'resolved', parameters: Object.fromEntries(parameters) };
}

function refusalOf({ error, errorDescription }: OAuthError): Answer {
  return { outcome: 'refused', error: requestRefusal.parse(error), description: errorDescription };
}
