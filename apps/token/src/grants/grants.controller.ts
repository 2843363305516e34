import { Controller } from '@nestjs/common';
import {
  codeIssued,
  grantCreated,
  grantExtended,
  grantId,
  issueGrant,
  newId,
  type Account,
  type GrantIssued,
} from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { DirectoryCopies, EventFactory } from '@signet/service';
import type { z } from 'zod';
import { Floors } from '../floors/floors.js';
import { issueGrantStatement, type GrantVerdict } from './store/issue-grant.js';

type GrantRequest = z.output<typeof issueGrant.request>;

@Controller()
export class GrantsController {
  constructor(
    private readonly database: Database,
    private readonly copies: DirectoryCopies,
    private readonly events: EventFactory,
    private readonly floors: Floors,
  ) {}

  @Serves(issueGrant)
  async issue(request: GrantRequest): Promise<GrantIssued> {
    const account = await this.#account(request);
    if (account?.status !== 'active') return { outcome: 'dead', by: 'account' };
    const { tenantId, clientId, authentication, scopes, context } = request;
    const about = {
      tenantId,
      context,
      client: clientId,
      account: authentication.accountId,
      session: authentication.sessionId,
      data: { scopes },
    };
    const verdict = await this.database.first(issueGrantStatement, {
      request,
      sub: account.sub,
      grantId: newId(grantId),
      codeIssued: this.events.make(codeIssued, { ...about, aggregate: request.code.id }),
      grantCreated: this.events.make(grantCreated, about),
      grantExtended: this.events.make(grantExtended, about),
    });
    return answerOf(verdict);
  }

  /** Its `sub` goes into the code, so that nothing is asked of anybody once that is spent. */
  async #account({ tenantId, authentication: { accountId } }: GrantRequest): Promise<Account | undefined> {
    const minVersion = await this.floors.minVersion(tenantId, 'account_version', accountId);
    return this.copies.account(tenantId, accountId, minVersion);
  }
}

function answerOf(verdict: GrantVerdict | undefined): GrantIssued {
  if (verdict?.issued === true) return { outcome: 'issued' };
  if (verdict?.deadBy) return { outcome: 'dead', by: verdict.deadBy };
  if (verdict?.stale === true) return { outcome: 'stale_client' };
  if (verdict?.unasked === true) return { outcome: 'consent_required', missing: [...verdict.missing] };
  throw new MeshError('internal', 'a grant was neither issued nor refused');
}
