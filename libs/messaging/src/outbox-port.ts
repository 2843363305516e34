/** One recorded event, as the outbox keeps it. */
export interface OutboxRow {
  /** The event's id, UUIDv7; becomes Nats-Msg-Id. */
  readonly id: string;
  readonly subject: string;
  readonly aggregate: string;
  readonly aggregateVersion: number;
  /** The exact bytes that the audit log will hash. */
  readonly leaf: Uint8Array;
  /** Sealed. */
  readonly personal?: Uint8Array | null;
}

/** The right to relay for this service: one holder at a time. */
export interface OutboxLease {
  /** Aborted when the lock's connection is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** What the relay needs of an outbox; @signet/persistence implements it. */
export interface OutboxPort {
  /** Waits until this process holds the lease. Rejects when the signal aborts. */
  lease(signal: AbortSignal): Promise<OutboxLease>;
  /**
   * Unsent rows, none while many are sent and unconfirmed, and those unconfirmed for 30 s, about `limit`; no version of an aggregate without the unsent
   * ones below it.
   */
  next(limit: number): Promise<readonly OutboxRow[]>;
  markSent(ids: readonly string[]): Promise<void>;
  /** Calls back after each commit that recorded something; returns the function that stops that. */
  onRecorded(callback: () => void): () => void;
}
