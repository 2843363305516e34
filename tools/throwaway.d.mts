import type { EmbeddedServer } from './services.mjs';

export interface ThrowawayServer extends EmbeddedServer {
  readonly directory: string;
  /** Stops it and keeps what it has stored. */
  halt(): Promise<void>;
  /** Starts it again after `halt`, where it was. */
  again(): Promise<ThrowawayServer>;
}

export function sweepThrowaways(): void;
/** `tls`: asked at each start for PEM; nobody comes in without TLS, nor with `ca` without a certificate of it. */
export function throwawayPostgres(options?: {
  tls?: () => { readonly cert: string; readonly key: string; readonly ca?: string };
}): Promise<ThrowawayServer>;
export function throwawayNats(options?: {
  config?: string | object | ((directory: string) => string | object);
  port?: number;
}): Promise<ThrowawayServer>;
