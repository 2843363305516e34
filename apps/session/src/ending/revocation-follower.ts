import { micros, revocationRaised, type EventContext, type Micros } from '@signet/contracts';
import type { ReceivedEvent } from '@signet/messaging';
import type { Statement } from '@signet/persistence';
import { endById, endOfAccount, endOfTenant, type EndedSession } from '../store/end-session.js';
import type { SessionEnding } from './session-ending.js';

const batch = 1_000;

type Revocation = Pick<ReceivedEvent, 'envelope'>;

/**
 * Ends the sessions under a floor that somebody else raised. Nothing that protects waits for this: token refuses them from the floor on; this is
 * for the lists that people see, and for the clients that are to be told. A client's floor ends no session: others go on with it.
 */
export class RevocationFollower {
  constructor(private readonly ending: SessionEnding) {}

  async apply(revocation: Revocation): Promise<void> {
    const { envelope } = revocation;
    const { kind, key, spared, at } = revocationRaised.data.parse(envelope.data);
    const tenantId = envelope.tenant;
    const until = at ?? timeOf(envelope.time);
    switch (kind) {
      case 'session':
        await this.end(endById, { tenantId, sessionId: key });
        return;
      case 'account': {
        const parameters = { tenantId, accountId: key, until, spared: spared ?? null, limit: batch };
        while ((await this.end(endOfAccount, parameters)) === batch);
        return;
      }
      case 'tenant':
        while ((await this.end(endOfTenant, { tenantId, until, limit: batch })) === batch);
    }
  }

  private async end<P>(
    statement: Statement<P, EndedSession>,
    parameters: P & { readonly tenantId: string },
  ): Promise<number> {
    const context: EventContext = { actor: 'service:session' };
    return (await this.ending.end({ statement, parameters, reason: 'revoked', context, raise: false })).length;
  }
}

const timeOf = (rfc3339: string): Micros => micros.parse(Date.parse(rfc3339) * 1000);
