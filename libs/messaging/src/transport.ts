import type { LoggerService } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Failpoint, Request } from '@signet/contracts';
import { isObservable, lastValueFrom } from 'rxjs';
import { pause } from './back-off.js';
import { callContext, runWithContext } from './call-context.js';
import { linkOf } from './link.js';
import type { Log, LogLevel } from './log.js';
import { MeshError, type MeshErrorCode } from './mesh-error.js';
import { endOf, rpcOf, type Spans } from './spans.js';
import {
  decode,
  encode,
  errorHeader,
  maxPayload,
  readPeer,
  timeoutHeader,
  traceparentHeader,
  validate,
} from './wire.js';

export interface NatsTransportOptions {
  readonly connection: NatsConnection;
  /** The queue group: one replica of the service answers each request. */
  readonly service: string;
  /** Gives errors of other libraries their code, say `unavailable` where a database is away. */
  readonly errorMapper?: (error: unknown) => MeshError | undefined;
  readonly failpoint?: Failpoint;
  /** Once per request, when its answer has been handed to NATS. */
  readonly onServed?: (subject: string, outcome: 'ok' | MeshErrorCode, milliseconds: number) => void;
  readonly spans?: Spans | undefined;
  readonly log?: Log;
  /** Milliseconds that `close` waits for requests under way. Default 10 000. */
  readonly drainTimeout?: number;
}

/** Nest's transport: handlers marked `@Serves(contract)` answer requests over NATS. Does not own the connection. */
export class NatsTransport extends Server implements CustomTransportStrategy {
  readonly #options: NatsTransportOptions;
  readonly #log: Log;
  #subscriptions: Subscription[] = [];
  #inFlight = 0;
  #whenIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: NatsTransportOptions) {
    super();
    this.#options = options;
    this.#log = options.log ?? nestLog(this.logger);
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const { connection, service } = this.#options;
      for (const [subject, handler] of this.messageHandlers) {
        const contract = handler.extras?.['contract'] as Request | undefined;
        if (contract?.subject !== subject) throw new Error(`${subject} is not served by contract: use @Serves`);
        this.#subscriptions.push(
          connection.subscribe(subject, {
            queue: service,
            callback: (error, message) => {
              if (error) this.#log('error', 'rpc.subscription_failed', { subject, error: String(error) });
              else void this.#receive(contract, handler, message);
            },
          }),
        );
      }
      await connection.flush();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no new request, finishes those under way, and returns when their answers have left. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  on(): this {
    return this;
  }

  // Nest's signature.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  unwrap<T>(): T {
    return this.#options.connection as T;
  }

  async #drain(): Promise<void> {
    const { connection, drainTimeout = 10_000 } = this.#options;
    const subscriptions = this.#subscriptions.splice(0);
    const over = new AbortController();
    const idle = async (): Promise<void> => {
      // Draining asks the server for an answer, which a lost connection never gives.
      if (linkOf(connection).connected) {
        await Promise.all(subscriptions.filter((one) => !one.isClosed()).map((one) => one.drain()));
      }
      if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
      if (linkOf(connection).connected) await connection.flush();
    };
    await Promise.race([idle(), pause(drainTimeout, over.signal)]).finally(() => {
      over.abort();
    });
    if (this.#inFlight > 0) this.#log('error', 'rpc.drain_timed_out', { inFlight: this.#inFlight });
  }

  async #receive(contract: Request, handler: MessageHandler, message: Msg): Promise<void> {
    const { subject } = contract;
    const started = performance.now();
    this.#inFlight++;
    let outcome: 'ok' | MeshErrorCode = 'ok';
    const caller = message.headers?.get(traceparentHeader);
    const span = this.#options.spans?.within(caller, 'server', subject, rpcOf(subject));
    const traceparent = span?.traceparent ?? caller;
    try {
      const asked = Number(message.headers?.get(timeoutHeader));
      const timeout = asked > 0 ? Math.min(asked, contract.timeout) : contract.timeout;
      const deadline = Date.now() + timeout;
      await runWithContext({ deadline, ...(traceparent && { traceparent }) }, async () => {
        const reply = await this.#answer(contract, handler, message);
        if (reply.error) outcome = reply.error;
        this.#options.failpoint?.('before-respond', subject);
        // Nobody waits for an answer after the deadline.
        if (Date.now() < deadline) respond(message, reply);
        else outcome = 'deadline_exceeded';
      });
    } catch (error) {
      this.#log('error', 'rpc.answer_lost', { subject, error: String(error) });
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#whenIdle?.();
      this.#options.onServed?.(subject, outcome, performance.now() - started);
      span?.end(endOf(outcome));
    }
  }

  async #answer(contract: Request, handler: MessageHandler, message: Msg): Promise<Reply> {
    try {
      const input = readPeer(contract.request, read(message), 'invalid_argument', contract.subject);
      let output: unknown = await handler(input, callContext.getStore());
      if (isObservable(output)) output = await lastValueFrom(output, { defaultValue: undefined });
      const data = encode(validate(contract.response, output, 'internal', contract.subject));
      if (data.length > maxPayload) throw new Error(`the answer has ${data.length} bytes`);
      return { data };
    } catch (error) {
      return this.#refusal(contract.subject, error);
    }
  }

  #refusal(subject: string, thrown: unknown): Reply {
    const error = thrown instanceof MeshError ? thrown : this.#options.errorMapper?.(thrown);
    if (error && error.code !== 'internal') {
      return { error: error.code, data: encode({ message: error.message, details: error.details }) };
    }
    // Its text may hold anything, so it goes to our log and not to the caller.
    this.#log('error', 'rpc.failed', { subject, error: thrown });
    return { error: 'internal', data: encode({ message: 'internal error' }) };
  }
}

interface Reply {
  readonly data: Uint8Array;
  readonly error?: MeshErrorCode;
}

function read(message: Msg): unknown {
  if (message.data.length > maxPayload) throw new MeshError('invalid_argument', 'the request is too large');
  try {
    return decode(message.data);
  } catch {
    throw new MeshError('invalid_argument', 'the request is not JSON');
  }
}

function respond(message: Msg, reply: Reply): void {
  if (!reply.error) {
    message.respond(reply.data);
    return;
  }
  const head = headers();
  head.set(errorHeader, reply.error);
  message.respond(reply.data, { headers: head });
}

function nestLog(logger: LoggerService): Log {
  const method: Record<LogLevel, 'log' | 'warn' | 'error'> = { info: 'log', warn: 'warn', error: 'error' };
  return (level, event, fields) => {
    logger[method[level]](event, fields);
  };
}
