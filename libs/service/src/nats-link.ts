import { setTimeout as pause } from 'node:timers/promises';
import type { Installation, Request } from '@signet/contracts';
import {
  connectNats,
  ensureStream,
  linkOf,
  MeshError,
  NatsRefused,
  Requester,
  type NatsTlsFiles,
  type RequesterOptions,
  type RequestOptions,
} from '@signet/messaging';
import type { z } from 'zod';
import type { ServiceLogger } from './observability/service-logger.js';

/** Milliseconds between tries at a NATS that is there and refuses. */
const betweenTries = 2_000;

type Connect = typeof connectNats;
export type NatsConnection = Awaited<ReturnType<Connect>>;

/** Something that runs on a connection until it is stopped: a relay, a consumer. */
export interface Stoppable {
  stop(): Promise<void>;
}

export interface NatsLinkOptions {
  readonly connect: {
    readonly url: string;
    readonly service: string;
    readonly name: string;
    readonly tls: NatsTlsFiles;
    readonly installation?: Installation;
    readonly replicas?: number | undefined;
  };
  readonly logger: ServiceLogger;
  readonly requests: Omit<RequesterOptions, 'connection'>;
  readonly onDenied: (operation: 'publish' | 'subscription') => void;
}

/**
 * A service's connection to NATS, which may come after the service has started: until then requests fail as unavailable, and what needs the connection
 * begins when it is there.
 */
export class NatsLink {
  /** Resolves when the first connection stands; until then it goes on trying, whatever NATS says. Rejects when it is stopped before. */
  readonly connected: Promise<NatsConnection>;
  /** Resolves when it is refused for the first time: for a start, which can still say no. */
  readonly refused: Promise<void>;
  #refuse: () => void = () => undefined;
  #refusal: NatsRefused | undefined;
  readonly #stop = new AbortController();
  readonly #users: Promise<Stoppable | undefined>[] = [];
  #connection: NatsConnection | undefined;
  #requester: Requester | undefined;

  constructor(private readonly options: NatsLinkOptions) {
    this.refused = new Promise((resolve) => (this.#refuse = resolve));
    this.connected = this.#connect();
    this.connected.catch((error: unknown) => {
      if (!this.#stop.signal.aborted) options.logger.error('nats.failed', { error });
    });
  }

  /** Why NATS does not let it in, as it last said; undefined where it has let it in since, or does not answer. */
  get refusal(): NatsRefused | undefined {
    return this.#refusal;
  }

  /** For what runs on the connection; absent where no collector is named. */
  get spans(): RequesterOptions['spans'] {
    return this.options.requests.spans;
  }

  /** Whether NATS is there now. */
  get isUp(): boolean {
    return this.#connection !== undefined && linkOf(this.#connection).connected;
  }

  /** Calls `start` when the connection stands; what it gives is stopped before the connection is closed, the latest first. */
  use(start: (connection: NatsConnection) => Stoppable | Promise<Stoppable>): void {
    this.#users.push(
      this.connected.then(
        (connection) => (this.#stop.signal.aborted ? undefined : start(connection)),
        () => undefined,
      ),
    );
  }

  /** As Requester has it, which it is for those who are given it. */
  request<Q extends z.ZodType, A extends z.ZodType>(
    contract: Request<Q, A>,
    input: z.input<Q>,
    options?: RequestOptions,
  ): Promise<z.output<A>> {
    if (!this.#requester)
      return Promise.reject(new MeshError('unavailable', `${contract.subject}: not connected to NATS`));
    return this.#requester.request(contract, input, options);
  }

  /** Stops what was begun by `use`. The connection stays. */
  async stopUsers(): Promise<void> {
    this.#stop.abort();
    for (const user of this.#users.reverse()) await (await user)?.stop();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.connected.then((connection) => connection.close()).catch(() => undefined);
  }

  /** Before anything is asked of this NATS or told to it: is it ours? Where JetStream is away for now, whoever needs it looks again. */
  async #holdStream(connection: NatsConnection): Promise<void> {
    try {
      const { copies } = await ensureStream(connection);
      const wanted = this.options.connect.replicas ?? copies;
      if (copies < wanted) this.options.logger.warn('nats.stream_copies', { copies, wanted });
    } catch (error) {
      if (error instanceof NatsRefused) {
        await connection.close();
        throw error;
      }
      this.options.logger.warn('nats.stream_waiting', { error });
    }
  }

  async #connect(): Promise<NatsConnection> {
    const { logger, requests } = this.options;
    let told = '';
    for (;;) {
      try {
        const connection = await this.#dial();
        this.#refusal = undefined;
        await this.#holdStream(connection);
        this.#connection = connection;
        this.#requester = new Requester({ ...requests, connection });
        return connection;
      } catch (error) {
        if (!(error instanceof NatsRefused) || this.#stop.signal.aborted) throw error;
        if (error.message !== told) logger.error('nats.refused', { error });
        told = error.message;
        this.#heard(error);
        await pause(betweenTries, undefined, { signal: this.#stop.signal });
      }
    }
  }

  #dial(): Promise<NatsConnection> {
    const { connect, logger, onDenied } = this.options;
    return connectNats({
      url: connect.url,
      service: connect.service,
      name: connect.name,
      tls: connect.tls,
      installation: connect.installation,
      replicas: connect.replicas,
      signal: this.#stop.signal,
      onRefused: (refusal) => {
        this.#heard(refusal);
      },
      onDenied,
      log: logger.log,
    });
  }

  #heard(refusal: NatsRefused): void {
    this.#refusal = refusal;
    this.#refuse();
  }
}
