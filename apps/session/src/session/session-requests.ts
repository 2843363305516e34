import { Controller } from '@nestjs/common';
import {
  createSession,
  resolveSession,
  sessionCreated,
  sessionElevated,
  sessionJoined,
  sidOf,
  type Authentication,
} from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { SessionEnding } from '../ending/session-ending.js';
import { beginSession } from '../store/create-session.js';
import { endOne } from '../store/end-session.js';
import { resolve } from '../store/resolve-session.js';

type Create = z.output<typeof createSession.request>;
type Resolve = z.output<typeof resolveSession.request>;

@Controller()
export class SessionRequests {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly ending: SessionEnding,
  ) {}

  @Serves(createSession)
  async create(request: Create): Promise<Authentication> {
    if (request.replaces) {
      await this.ending.end({
        statement: endOne,
        parameters: {
          tenantId: request.tenantId,
          ...request.replaces,
          reason: 'replaced',
          exceptAccount: request.accountId,
        },
        reason: 'replaced',
        context: request.context,
        raise: true,
      });
    }
    const about = {
      tenantId: request.tenantId,
      account: request.accountId,
      ...(request.clientId !== undefined && { client: request.clientId }),
      context: request.context,
      data: { acr: request.acr, amr: request.amr },
    };
    const begun = await this.database.first(beginSession, {
      request,
      created: this.events.make(sessionCreated, {
        ...about,
        aggregate: request.session.sessionId,
        session: request.session.sessionId,
      }),
      elevated: this.events.make(sessionElevated, {
        ...about,
        aggregate: request.replaces?.sessionId ?? request.session.sessionId,
      }),
    });
    if (!begun) throw new Error('a session neither begun nor raised');
    return begun;
  }

  @Serves(resolveSession)
  async resolve(request: Resolve): Promise<z.input<typeof resolveSession.response>> {
    const { tenantId, session, clientId, context } = request;
    const authentication = await this.database.first(resolve, {
      ...{ tenantId, session, network: context.network },
      ...(clientId !== undefined && { participant: { clientId, joined: this.#joined({ ...request, clientId }) } }),
    });
    return authentication ? { outcome: 'live', authentication } : { outcome: 'none' };
  }

  #joined({ tenantId, session, clientId, context }: Resolve & { clientId: string }) {
    return this.events.make(sessionJoined, {
      tenantId,
      aggregateKind: 'participation',
      aggregate: `${session.sessionId}/${clientId}`,
      session: session.sessionId,
      client: clientId,
      context,
      data: { sid: sidOf(session.sessionId, clientId) },
    });
  }
}
