import type { EmbeddedServer } from './services.mjs';

export interface ThrowawayServer extends EmbeddedServer {
  readonly directory: string;
}

export function sweepThrowaways(): void;
export function throwawayPostgres(): Promise<ThrowawayServer>;
export function throwawayNats(options?: {
  config?: string | object | ((directory: string) => string | object);
  port?: number;
}): Promise<ThrowawayServer>;
