import {
  eventId,
  newId,
  sessionEnded,
  type EventContext,
  type EventId,
  type Floor,
  type RecordedEvent,
} from '@signet/contracts';
import type { Database, Statement } from '@signet/persistence';
import type { EventFactory, FloorRaiser } from '@signet/service';
import { enqueueDeliveries } from '../deliveries/store/enqueue-deliveries.js';
import { recordEvents, type EndedSession, type EndReason } from '../store/end-session.js';

interface Ending<P> {
  readonly statement: Statement<P, EndedSession>;
  readonly parameters: P & { readonly tenantId?: string };
  readonly reason: EndReason;
  readonly context: EventContext;
  /** False where a floor of the account or the tenant covers them already. */
  readonly raise: boolean;
  /** A floor that ends all of them, and whatever else lies under it: raised also where there is no session to end. With its event. */
  readonly covering?: { readonly floor: Floor; readonly event: RecordedEvent };
}

/**
 * Ends sessions in the order that keeps a revocation safe: change, events, unraised floors and what clients are to be told in one
 * transaction; then the floors; only then do the caller and the clients hear of it. Throws `unavailable` when token does not answer:
 * the sessions are ended all the same, and their floors follow.
 */
export class SessionEnding {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly floors: FloorRaiser,
    /** Told that clients may be told. */
    private readonly onEnded: () => void,
  ) {}

  async end<P>(ending: Ending<P>): Promise<readonly EndedSession[]> {
    const { covering } = ending;
    const raiseId = covering?.floor.raiseId ?? newId(eventId);
    const raises = ending.raise || covering !== undefined;
    const ended = await this.database.run(async (tx) => {
      const rows = await tx.execute(ending.statement, ending.parameters);
      if (rows.length > 0) {
        const events = rows.map((session) => ({ session, event: this.event(session, ending) }));
        await tx.execute(recordEvents, {
          events: events.map(({ event, session }) => [event, session.version] as const),
        });
        await tx.execute(enqueueDeliveries, { sessions: rows, raiseId: raises ? raiseId : null });
        if (ending.raise) {
          await this.floors.add(
            tx,
            rows.map((session) => floorOf(session, raiseId, ending.reason)),
          );
        }
      }
      if (covering) {
        await tx.record(covering.event);
        await this.floors.add(tx, [covering.floor]);
      }
      return rows;
    });
    if (covering || (ending.raise && ended.length > 0)) await this.floors.raise([raiseId]);
    else if (ending.raise && ending.parameters.tenantId !== undefined)
      await this.confirmLeft(ending.parameters.tenantId);
    if (ended.length > 0) this.onEnded();
    return ended;
  }

  /** Where nothing is left to end: whoever ended it may not have heard that its floor stands, and what is said to be over is over. */
  async confirmLeft(tenantId: string): Promise<void> {
    await this.floors.raiseLeftOf([tenantId]);
  }

  private event(session: EndedSession, { reason, context }: Pick<Ending<unknown>, 'reason' | 'context'>) {
    return this.events.make(sessionEnded, {
      tenantId: session.tenantId,
      aggregate: session.sessionId,
      session: session.sessionId,
      account: session.accountId,
      context,
      reason,
      data: {},
    });
  }
}

function floorOf({ tenantId, sessionId, expiresAt }: EndedSession, raiseId: EventId, reason: EndReason): Floor {
  return { kind: 'session', raiseId, tenantId, sessionId, expiresAt, reason };
}
