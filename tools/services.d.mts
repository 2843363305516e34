export interface EmbeddedServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<unknown>;
  running(): boolean;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export function startPostgres(options: {
  directory: string;
  password: string;
  port?: number;
  throwaway?: boolean;
  /** PEM: nobody comes in without TLS, nor with `ca` without a certificate of it. */
  tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
}): Promise<EmbeddedServer>;

export function findNatsServer(): string | undefined;

export function startNats(options: {
  directory: string;
  config?: string | object;
  port?: number;
  binary?: string;
}): Promise<EmbeddedServer>;

export function freePort(): Promise<number>;
export function portIsFree(port: number, host?: string): Promise<boolean>;
