import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to Postgres that a test can cut and mend. */
export interface Severable {
  /** The same database, by this way. */
  readonly url: string;
  sever(): void;
  mend(): void;
  stop(): Promise<void>;
}

export async function severable(databaseUrl: string): Promise<Severable> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const sever = () => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    sever,
    mend: () => {
      whole = true;
    },
    stop: async () => {
      sever();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
