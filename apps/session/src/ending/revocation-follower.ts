import { micros, revocationRaised, type EventContext, type Micros } from '@signet/contracts';
import type { ReceivedEvent } from '@signet/messaging';
import { endById, endOfAccount } from '../store/end-session.js';
import type { SessionEnding } from './session-ending.js';

const batch = 1_000;

type Revocation = Pick<ReceivedEvent, 'envelope'>;

/**
 * Ends the sessions under a floor that somebody else raised. Nothing that protects waits for this: token refuses them from the floor on; this is
 * for the lists that people see, and for the clients that are to be told.
 */
export class RevocationFollower {
  constructor(private readonly ending: SessionEnding) {}

  async apply(revocation: Revocation): Promise<void> {
    const { envelope } = revocation;
    const { kind, key, spared } = revocationRaised.data.parse(envelope.data);
    const context: EventContext = { actor: 'service:session' };
    const tenantId = envelope.tenant;
    if (kind === 'session') {
      const parameters = { tenantId, sessionId: key };
      await this.ending.end({ statement: endById, parameters, reason: 'revoked', context, raise: false });
    } else if (kind === 'account') {
      const parameters = {
        tenantId,
        accountId: key,
        until: timeOf(envelope.time),
        spared: spared ?? null,
        limit: batch,
      };
      const endBatch = () =>
        this.ending.end({ statement: endOfAccount, parameters, reason: 'revoked', context, raise: false });
      while ((await endBatch()).length === batch);
    }
  }
}

const timeOf = (rfc3339: string): Micros => micros.parse(Date.parse(rfc3339) * 1000);
