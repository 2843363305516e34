import { NatsRefused } from '@signet/messaging';
import { DatabaseRefused, DatabaseUntrusted, MigrationChanged, UnfitServer } from '@signet/persistence';

const kinds = [UnfitServer, MigrationChanged, DatabaseRefused, DatabaseUntrusted, NatsRefused] as const;

/** Whether the start failed for something that only an operator mends: starting again as it is would fail again. */
export const isRefusal = (error: unknown): boolean => kinds.some((kind) => error instanceof kind);
