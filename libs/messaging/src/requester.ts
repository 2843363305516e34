import { headers, RequestError, TimeoutError, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { Request } from '@signet/contracts';
import { z } from 'zod';
import { callContext, callerSignal } from './call-context.js';
import { linkOf, type Link } from './link.js';
import { isMeshErrorCode, MeshError, type MeshErrorCode } from './mesh-error.js';
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

export interface RequestOptions {
  /** Milliseconds; shortens the contract's timeout, never lengthens it. */
  readonly timeout?: number;
  /** Gives up early. What was asked may still happen. */
  readonly signal?: AbortSignal;
}

export interface RequesterOptions {
  readonly connection: NatsConnection;
  /** Called once for each message that leaves, for the count of messages per operation. */
  readonly onSend?: (subject: string) => void;
  /** Once for each of them, when its answer is there or is waited for no more. */
  readonly onAnswered?: (subject: string, outcome: 'ok' | MeshErrorCode, milliseconds: number) => void;
  readonly spans?: Spans | undefined;
}

/** Asks other services by contract. Retries nothing: only the caller knows what is safe to repeat. */
export class Requester {
  readonly #connection: NatsConnection;
  readonly #link: Link;
  readonly #options: RequesterOptions;

  constructor(options: RequesterOptions) {
    this.#connection = options.connection;
    this.#options = options;
    this.#link = linkOf(options.connection);
  }

  /**
   * Sends a validated request, resolves with the validated answer. The deadline is the earliest of the contract's timeout,
   * `options.timeout` and the inherited one. Rejects with MeshError alone: `unavailable` where nobody serves or NATS is
   * away, `deadline_exceeded` where no answer came in time (what was asked may have happened), else the server's code.
   */
  async request<Q extends z.ZodType, A extends z.ZodType>(
    contract: Request<Q, A>,
    input: z.input<Q>,
    options: RequestOptions = {},
  ): Promise<z.output<A>> {
    const { subject } = contract;
    const context = callContext.getStore();
    const inherited = context ? context.deadline - Date.now() : Infinity;
    const timeout = Math.floor(Math.min(contract.timeout, options.timeout ?? Infinity, inherited));
    const signals = [options.signal, callerSignal(context)].filter((signal) => signal !== undefined);
    if (timeout < 1 || signals.some((signal) => signal.aborted)) {
      throw new MeshError('deadline_exceeded', `${subject}: no time was left`);
    }

    const payload = encode(validate(contract.request, input, 'invalid_argument', subject));
    if (payload.length > maxPayload) throw new MeshError('invalid_argument', `${subject}: the request is too large`);
    if (!this.#link.connected) throw new MeshError('unavailable', `${subject}: not connected to NATS`);

    const head = headers();
    head.set(timeoutHeader, String(timeout));
    const { onSend, onAnswered, spans } = this.#options;
    const span = spans?.within(context?.traceparent, 'client', subject, rpcOf(subject));
    const trace = span?.traceparent ?? context?.traceparent;
    if (trace) head.set(traceparentHeader, trace);
    onSend?.(subject);
    const sentAt = performance.now();
    let outcome: 'ok' | MeshErrorCode = 'ok';
    try {
      const reply = await this.#exchange(subject, signals, () =>
        this.#connection.request(subject, payload, { timeout, headers: head }),
      );
      return readAnswer(contract, reply);
    } catch (error) {
      outcome = error instanceof MeshError ? error.code : 'internal';
      throw error;
    } finally {
      onAnswered?.(subject, outcome, performance.now() - sentAt);
      span?.end(endOf(outcome));
    }
  }

  async #exchange(subject: string, signals: readonly AbortSignal[], send: () => Promise<Msg>): Promise<Msg> {
    const answer = this.#link.whileConnected(send);
    try {
      return await (signals.length === 0 ? answer : unlessAborted(answer, signals, subject));
    } catch (error) {
      throw asMeshError(error, subject);
    }
  }
}

function unlessAborted<T>(answer: Promise<T>, signals: readonly AbortSignal[], subject: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const gaveUp = (): void => {
      reject(new MeshError('deadline_exceeded', `${subject}: the caller gave up`));
    };
    for (const signal of signals) signal.addEventListener('abort', gaveUp);
    answer.then(resolve, reject).finally(() => {
      for (const signal of signals) signal.removeEventListener('abort', gaveUp);
    });
  });
}

function readAnswer<A extends z.ZodType>(contract: Request<z.ZodType, A>, reply: Msg): z.output<A> {
  const { subject } = contract;
  let body: unknown;
  try {
    body = decode(reply.data);
  } catch (cause) {
    throw new MeshError('internal', `${subject}: the answer is not JSON`, undefined, { cause });
  }
  const code = reply.headers?.get(errorHeader);
  if (!code) return readPeer(contract.response, body, 'internal', subject);
  const { message, details } = refusal.catch({}).parse(body);
  throw new MeshError(isMeshErrorCode(code) ? code : 'internal', message ?? subject, details);
}

const refusal = z.object({ message: z.string().optional(), details: z.unknown().optional() });

function asMeshError(error: unknown, subject: string): MeshError {
  if (error instanceof MeshError) return error;
  if (error instanceof TimeoutError) return new MeshError('deadline_exceeded', `${subject}: no answer in time`);
  if (error instanceof RequestError && error.isNoResponders()) {
    return new MeshError('unavailable', `${subject}: nobody serves it`);
  }
  // Connection lost: it may have happened. Closed, draining, refused by permissions: it did not reach anybody.
  return new MeshError('unavailable', `${subject}: there is no connection that would answer`, undefined, {
    cause: error,
  });
}
