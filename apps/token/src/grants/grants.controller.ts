import { Controller } from '@nestjs/common';
import {
  codeIssued,
  frontChannelIssued,
  grantCreated,
  grantExtended,
  grantId,
  issueGrant,
  newId,
  type GrantIssued,
} from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import { Accounts } from '../access-tokens/accounts.js';
import { FrontChannel, type GrantRequest, type PreparedTokens } from './front-channel.js';
import { agreedTo, issueGrantStatement, type GrantVerdict } from './store/issue-grant.js';

@Controller()
export class GrantsController {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly events: EventFactory,
    private readonly frontChannel: FrontChannel,
  ) {}

  @Serves(issueGrant)
  async issue(request: GrantRequest): Promise<GrantIssued> {
    const { tenantId, authentication, front } = request;
    const account = await this.accounts.find(tenantId, authentication.accountId);
    if (account?.status !== 'active') return { outcome: 'dead', by: 'account' };
    // It goes into code and tokens, so that nothing is asked of anybody once something is spent.
    const sub = await this.accounts.subject(account, request.clientId);
    if (sub === undefined) return { outcome: 'dead', by: 'client' };
    const prepared = front && (await this.frontChannel.prepare(request, sub));
    if (prepared !== undefined && 'outcome' in prepared) return prepared;
    const verdict = await this.database.first(issueGrantStatement, {
      request,
      sub,
      grantId: newId(grantId),
      instanceId: prepared?.instance,
      place: prepared?.place,
      ...this.#events(request, prepared),
    });
    const refusal = refusalOf(verdict);
    if (refusal !== undefined) {
      prepared?.giveUp();
      return refusal;
    }
    if (prepared === undefined || verdict?.grantId == null) return { outcome: 'issued' };
    return { outcome: 'issued', front: await prepared.issue(verdict.grantId, verdict.listed) };
  }

  #events(request: GrantRequest, prepared: PreparedTokens | undefined) {
    const { tenantId, clientId, authentication, scopes, context, code, front } = request;
    const about = {
      tenantId,
      context,
      client: clientId,
      account: authentication.accountId,
      session: authentication.sessionId,
      data: { scopes },
    };
    const agreement = { ...about, data: { scopes: agreedTo(request) } };
    const accessToken = front?.accessToken === true ? prepared : undefined;
    return {
      codeIssued: code && this.events.make(codeIssued, { ...about, aggregate: code.id }),
      frontChannelIssued:
        front &&
        this.events.make(frontChannelIssued, {
          ...about,
          data: {
            scopes,
            instance: accessToken?.instance ?? null,
            jti: accessToken?.tokenId ?? null,
            idToken: front.idToken !== undefined,
          },
        }),
      grantCreated: this.events.make(grantCreated, agreement),
      grantExtended: this.events.make(grantExtended, agreement),
    };
  }
}

function refusalOf(verdict: GrantVerdict | undefined): GrantIssued | undefined {
  if (verdict?.issued === true) return undefined;
  if (verdict?.deadBy) return { outcome: 'dead', by: verdict.deadBy };
  if (verdict?.stale === true) return { outcome: 'stale_client' };
  if (verdict?.unasked === true) return { outcome: 'consent_required', missing: [...verdict.missing] };
  if (verdict?.requestSpent === true) return { outcome: 'request_spent' };
  throw new MeshError('internal', 'a grant was neither issued nor refused');
}
