import type { EmbeddedServer } from './services.mjs';

export interface ThrowawayServer extends EmbeddedServer {
  readonly directory: string;
  /** Stops it and keeps what it has stored. */
  halt(): Promise<void>;
  /** Starts it again after `halt`, where it was. */
  again(): Promise<ThrowawayServer>;
}

export function sweepThrowaways(): void;
export function throwawayPostgres(): Promise<ThrowawayServer>;
export function throwawayNats(options?: {
  config?: string | object | ((directory: string) => string | object);
  port?: number;
}): Promise<ThrowawayServer>;
