import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { callContext } from '@signet/messaging';
import type { AddedAuthorities } from './added-authorities.js';
import { fetchableUrl, resolveTarget, type OutboundTarget, type Resolver } from './outbound-target.js';

export type OutboundFault =
  /** Not absolute, not https, or with credentials in it. */
  | 'uri'
  /** Its host has an address that is not public. */
  | 'address'
  /** No such name, no connection, no trusted certificate, or an answer that broke off. */
  | 'unreachable'
  | 'deadline'
  | 'redirect'
  | 'status'
  | 'content_type'
  | 'too_large'
  /** Compressed, or not UTF-8 where text was asked for. */
  | 'encoding';

export type OutboundResult<T> =
  | { readonly ok: true; readonly body: T; readonly contentType: string }
  | { readonly ok: false; readonly fault: OutboundFault };

/** What somebody answered, whichever status it is. */
export type OutboundStatus =
  /** `retryAfter`: seconds after which it wants to be asked again (RFC 9110 section 10.2.3), where it said so. */
  | { readonly ok: true; readonly status: number; readonly retryAfter?: number }
  | { readonly ok: false; readonly fault: OutboundFault };

/** A body that is sent as it is. */
export interface OutboundBody {
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds, in place of the usual ones. */
  readonly deadline: number;
}

/** What somebody answered, whichever status it is, with its body. */
export type OutboundAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly contentType: string;
      /** Seconds. */
      readonly retryAfter: number | undefined;
      readonly headers: IncomingHttpHeaders;
      readonly body: Uint8Array;
    }
  | { readonly ok: false; readonly fault: OutboundFault };

export interface Sending {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string;
}

export interface OutboundOptions {
  /** Origins that are exempt from the https and the address rule, and from no other. */
  readonly allow: readonly string[];
  /** Trusted beside the usual ones. */
  readonly authorities?: AddedAuthorities | undefined;
  readonly resolve?: Resolver | undefined;
  /** Milliseconds for all of it, from the look-up of the name to the last byte; less where the call that asks has less left. */
  readonly deadline?: number | undefined;
  /** Connections to origins of `allow`, whose addresses nobody judges, are kept for what is asked there next. */
  readonly keepAlive?: boolean;
}

const deadlineOfFetch = 5_000;
/** Milliseconds that a call keeps for what it does with the answer. */
const margin = 500;
/** Bytes of a body. */
const bodyLimit = 256 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const fault = (reason: OutboundFault) => ({ ok: false, fault: reason }) as const;

const systemResolver: Resolver = async (hostname) =>
  (await lookup(hostname, { all: true, order: 'verbatim' })).map(({ address }) => address);

/**
 * Reads what a client, or whoever registered it, says is somewhere on the internet, and tells it there: the one way out of Signet
 * over HTTP. A result, never a rejection, whatever is there.
 */
export class OutboundFetch {
  readonly #agents: { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent } | undefined;

  constructor(private readonly options: OutboundOptions) {
    const { keepAlive } = options;
    if (keepAlive) this.#agents = { 'http:': new HttpAgent({ keepAlive }), 'https:': new HttpsAgent({ keepAlive }) };
  }

  /** The body of a 200 of one of these media types (without parameters, in lower case; `image/*` is not understood). */
  bytes(uri: string, mediaTypes: readonly string[]): Promise<OutboundResult<Uint8Array>> {
    const sending = { method: 'GET', headers: { Accept: mediaTypes.join(', ') } } as const;
    return this.#exchange(uri, sending, (response) => read(response, mediaTypes));
  }

  /** Sends a form. What is answered beside the status is not read. */
  post(uri: string, form: URLSearchParams): Promise<OutboundStatus> {
    const body = form.toString();
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body),
    };
    return this.#exchange(uri, { method: 'POST', headers, body }, (response) => {
      response.destroy();
      return { ok: true, status: response.statusCode ?? 0 };
    });
  }

  /** Sends a body. What is answered beside the status, and when to come again, is not read. */
  send(uri: string, { type, headers, body, deadline }: OutboundBody): Promise<OutboundStatus> {
    const all = { ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) };
    const take = (response: IncomingMessage): OutboundStatus => {
      response.destroy();
      const retryAfter = retryAfterOf(response);
      return { ok: true, status: response.statusCode ?? 0, ...(retryAfter !== undefined && { retryAfter }) };
    };
    return this.#exchange(uri, { method: 'POST', headers: all, body }, take, deadline);
  }

  /** Any answer but a redirect, of at most `limit` bytes. */
  ask(uri: string, sending: Sending, limit = bodyLimit): Promise<OutboundAnswer> {
    const length = sending.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(sending.body) };
    const whole = { ...sending, headers: { ...sending.headers, ...length } };
    return this.#exchange(uri, whole, (response) => readAnswer(response, limit));
  }

  async #exchange<R>(
    uri: string,
    sending: Sending,
    take: (response: IncomingMessage) => R | Promise<R>,
    deadline = this.options.deadline ?? deadlineOfFetch,
  ): Promise<R | ReturnType<typeof fault>> {
    const { allow, resolve = systemResolver } = this.options;
    const url = fetchableUrl(uri, allow);
    if (url === undefined) return fault('uri');
    const signal = AbortSignal.timeout(Math.min(deadline, timeLeft()));
    const late = new Promise<'deadline'>((done) => {
      signal.addEventListener('abort', () => {
        done('deadline');
      });
    });
    const target = await Promise.race([resolveTarget(url, allow, resolve), late]);
    if (typeof target === 'string') return fault(target === 'unresolved' ? 'unreachable' : target);
    try {
      return await take(await this.#request(target, sending, signal));
    } catch {
      return fault(signal.aborted ? 'deadline' : 'unreachable');
    }
  }

  /** As `bytes`, of UTF-8 without errors. */
  async text(uri: string, mediaTypes: readonly string[]): Promise<OutboundResult<string>> {
    const answer = await this.bytes(uri, mediaTypes);
    if (!answer.ok) return answer;
    try {
      return { ...answer, body: utf8.decode(answer.body) };
    } catch {
      return fault('encoding');
    }
  }

  #request(
    { url, addresses }: OutboundTarget,
    { method, body, ...sending }: Sending,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // Without an agent there is no connection of an earlier fetch, so each goes to addresses that were judged for it.
    const kept = this.options.allow.includes(url.origin) ? this.#agents : undefined;
    const agent = kept?.[url.protocol === 'https:' ? 'https:' : 'http:'] ?? false;
    const headers = { ...sending.headers, 'Accept-Encoding': 'identity', 'User-Agent': 'Signet' };
    const { authorities } = this.options;
    const trust = { minVersion: 'TLSv1.2', ...(authorities && { secureContext: authorities.context }) } as const;
    return new Promise((resolve, reject) => {
      request(url, { agent, lookup: pinned(addresses), method, headers, signal, ...trust }, resolve)
        // More than once where the other side answers before it has read all of the form, and goes.
        .on('error', reject)
        .end(body);
    });
  }
}

async function readAnswer(response: IncomingMessage, limit: number): Promise<OutboundAnswer> {
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400) return fault('redirect');
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
      return fault('encoding');
    const body = await bodyOf(response, limit);
    const retryAfter = retryAfterOf(response);
    return body
      ? { ok: true, status: statusCode, contentType: mediaTypeOf(response), retryAfter, headers, body }
      : fault('too_large');
  } finally {
    response.destroy();
  }
}

function retryAfterOf({ headers }: IncomingMessage): number | undefined {
  const field = headers['retry-after'];
  if (field === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(field) ? Number(field) : (Date.parse(field) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

async function read(response: IncomingMessage, mediaTypes: readonly string[]): Promise<OutboundResult<Uint8Array>> {
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    response.destroy();
    return fault(statusCode >= 300 && statusCode < 400 ? 'redirect' : 'status');
  }
  if (!mediaTypes.includes(mediaTypeOf(response))) {
    response.destroy();
    return fault('content_type');
  }
  const answer = await readAnswer(response, bodyLimit);
  return answer.ok ? { ok: true, body: answer.body, contentType: answer.contentType } : answer;
}

const mediaTypeOf = ({ headers }: IncomingMessage): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Undefined where it is larger than `limit`. */
async function bodyOf(response: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function timeLeft(): number {
  const context = callContext.getStore();
  return context ? Math.max(0, Math.floor(context.deadline - Date.now()) - margin) : Infinity;
}

/** Answers every look-up with the addresses that were judged. */
function pinned(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  const [first] = answers;
  return (_hostname, options, answer) => {
    if (options.all === true) answer(null, answers);
    else answer(null, first?.address ?? '', first?.family);
  };
}
