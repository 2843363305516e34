import type { EventConsumerOptions, OutboxRow, Position, ReceivedEvent } from '../src/index.js';

/** Applies events to a memory that stands for a table, together with the position. */
export class Memory {
  readonly applied: ReceivedEvent[] = [];
  readonly rereads: (Position | undefined)[] = [];
  /** In the order that they happened. */
  readonly log: string[] = [];
  position: Position | undefined;
  loads = 0;

  readonly port = {
    load: () => {
      this.loads++;
      return Promise.resolve(this.position);
    },
  };

  readonly handle: EventConsumerOptions['handle'] = (batch) => {
    for (const event of batch) {
      this.applied.push(event);
      this.log.push(event.id);
      this.position = { streamCreated: event.streamCreated, sequence: event.sequence };
    }
    return Promise.resolve(batch.map(() => 'applied'));
  };

  readonly reread = (after: Position | undefined): Promise<void> => {
    this.rereads.push(after);
    this.log.push('reread');
    return Promise.resolve();
  };

  has(event: OutboxRow): boolean {
    return this.applied.some(({ id }) => id === event.id);
  }
}
