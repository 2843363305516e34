import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findClient, signLogoutToken, type TenantId } from '@signet/contracts';
import type { MeshError } from '@signet/messaging';
import { DatabaseUnavailable, type Database } from '@signet/persistence';
import { OutboundFetch } from '@signet/service';
import { aClient } from '@signet/testing';
import type { z } from 'zod';
import { DeliveryQueue } from '../src/deliveries/delivery-queue.js';
import { callClient } from '../src/deliveries/logout-call.js';
import { Settlement, type Settled } from '../src/deliveries/settlement.js';
import type { SessionDatabase } from './session-database.js';

type Asked = z.output<typeof signLogoutToken.request>;

/** A client's back channel: it counts what comes, and answers as a test says. */
export interface Listening {
  readonly clientId: string;
  /** What token was asked to sign for each call that came. */
  readonly told: Asked[];
  answer: RequestListener;
}

export const answering =
  (status: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(status).end();

/** Replicas that work off deliveries, to clients that listen, with a directory and a token service of the test's. */
export class BackChannel {
  readonly #servers: Server[] = [];
  readonly #queues: DeliveryQueue[] = [];
  readonly #databases: Database[] = [];
  readonly #uris = new Map<string, string>();
  readonly #settled: Settled[] = [];
  #look: () => void = () => undefined;
  #failed: (error: unknown) => void = () => undefined;
  /** What token says to a request for a logout token; a token where it says nothing. */
  refusal: MeshError | undefined;
  /** What directory says to whoever asks it for a client; the client where it says nothing. */
  absence: MeshError | undefined;
  /** Clients that copies have from before they registered a URI. */
  readonly stale = new Set<string>();
  /** How often Postgres is away as something is to be written down. */
  outages = 0;

  constructor(private readonly sessions: SessionDatabase) {}

  async listen(clientId: string, answer: RequestListener = answering(200)): Promise<Listening> {
    const listening: Listening = { clientId, told: [], answer };
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        listening.told.push(JSON.parse(new URLSearchParams(body).get('logout_token') ?? '') as Asked);
        listening.answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#servers.push(server);
    this.#uris.set(clientId, `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`);
    return listening;
  }

  /** Another client that listens at the same place. */
  alias(clientId: string, listening: Listening): void {
    this.#uris.set(clientId, this.#uris.get(listening.clientId) ?? '');
  }

  /** The client has taken its URI back. */
  unregister({ clientId }: Pick<Listening, 'clientId'>): void {
    this.#uris.delete(clientId);
  }

  /** `deadline`: milliseconds that a client has to answer. */
  async replica({ deadline = 5_000 } = {}): Promise<DeliveryQueue> {
    const database = await this.sessions.replica();
    await this.sessions.database.pollClock();
    this.#databases.push(database);
    const allow = [...this.#uris.values()].map((uri) => new URL(uri).origin);
    const outbound = new OutboundFetch({ allow, deadline });
    const copies = {
      client: (tenantId: TenantId, clientId: string) =>
        Promise.resolve(this.#client(tenantId, clientId, !this.stale.has(clientId))),
    };
    const requester = {
      request: (contract: unknown, asked: unknown) =>
        contract === findClient ? this.#find(findClient.request.parse(asked)) : this.#sign(asked),
    } as never;
    const settlement = new Settlement(database, this.sessions.events, Math.random, (outcome, count) => {
      for (let n = 0; n < count; n += 1) this.#settled.push(outcome);
      this.#look();
    });
    const queue = new DeliveryQueue({
      database,
      logger: {
        warn: (_event, fields) => {
          this.#failed(fields?.['error']);
        },
      },
      call: (delivery) => callClient({ requester, copies, outbound }, delivery),
      settle: (delivery, call) => {
        if (this.outages === 0) return settlement.settle(delivery, call);
        this.outages -= 1;
        return Promise.reject(new DatabaseUnavailable('away'));
      },
      // Nothing is left to the clock: what ends, or a test, wakes it.
      every: 60_000,
    });
    this.#queues.push(queue);
    queue.start();
    return queue;
  }

  /** Resolves when so many deliveries were settled so, since the last call; rejects where a replica meets what it should not. */
  async settled(outcome: Settled, count = 1): Promise<void> {
    const of = () => this.#settled.filter((each) => each === outcome).length;
    await new Promise<void>((resolve, reject) => {
      this.#failed = reject;
      this.#look = () => {
        if (of() >= count) resolve();
      };
      this.#look();
    });
    this.#settled.length = 0;
  }

  /** Each replica stops as it does where it is told to, and its clients with it. */
  async stop(): Promise<void> {
    for (const server of this.#servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    for (const queue of this.#queues.splice(0)) await queue.stop();
    for (const database of this.#databases.splice(0)) await database.close();
    this.#settled.length = 0;
    this.#uris.clear();
    this.refusal = this.absence = undefined;
    this.stale.clear();
  }

  #find({ tenantId, clientId }: z.output<typeof findClient.request>) {
    return this.absence ? Promise.reject(this.absence) : Promise.resolve(this.#client(tenantId, clientId));
  }

  #client(tenantId: TenantId, clientId: string, current = true) {
    const backchannelLogoutUri = current ? this.#uris.get(clientId) : undefined;
    return aClient({ tenantId, clientId, ...(backchannelLogoutUri !== undefined && { backchannelLogoutUri }) });
  }

  #sign(asked: unknown): Promise<z.output<typeof signLogoutToken.response>> {
    if (this.refusal) return Promise.reject(this.refusal);
    const logoutToken = JSON.stringify(signLogoutToken.request.parse(asked));
    return Promise.resolve({ outcome: 'signed', logoutToken, jti: 'a jti' });
  }
}
