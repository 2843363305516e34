import { isLoopbackHost } from '@signet/protocol';
import type { AddedAuthorities } from '../outbound/added-authorities.js';
import { OutboundFetch, type Sending } from '../outbound/outbound-fetch.js';
import { KeyManagementFailure } from './failure.js';

/** Milliseconds for one answer. */
const deadline = 5_000;
/** Bytes of an answer: some hundred are expected. */
const limit = 64 * 1_024;

export interface KmsCall extends Sending {
  /** Who is asked, for the operator: "Vault at https://…". */
  readonly whom: string;
  readonly url: string;
  /** For a metadata server, which speaks plain HTTP to its own machine alone. */
  readonly plain?: boolean;
}

export interface KmsAnswer {
  readonly status: number;
  readonly text: string;
  /** Undefined where it is no JSON. */
  readonly json: unknown;
}

/** Asks where the operator said. One more time where there is no connection or the answer is 429 or 5xx; what stays so is a KeyManagementFailure. */
export class KmsCalls {
  /** `authorities`: trusted beside the usual ones. */
  constructor(private readonly authorities?: AddedAuthorities) {}

  /** `isFinal`: tells a 5xx that no repeat changes. */
  async ask({ whom, url, plain, ...sending }: KmsCall, isFinal?: (answer: KmsAnswer) => boolean): Promise<KmsAnswer> {
    const { origin, protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && plain !== true && !isLoopbackHost(hostname))
      throw new KeyManagementFailure('settings', `${whom} must be asked by https, unless its host is a loopback one`);
    const fetcher = new OutboundFetch({ allow: [origin], authorities: this.authorities, deadline });
    const once = async (): Promise<KmsAnswer | string> => {
      const answer = await fetcher.ask(url, sending, limit);
      if (!answer.ok) return `no answer (${answer.fault})`;
      const { status, body } = answer;
      const text = Buffer.from(body).toString('utf8');
      const told = { status, text, json: jsonOf(text) };
      return (status >= 500 || status === 429) && isFinal?.(told) !== true ? `status ${status}` : told;
    };
    const first = await once();
    const last = typeof first === 'string' ? await once() : first;
    if (typeof last !== 'string') return last;
    throw new KeyManagementFailure(
      'unreachable',
      `${whom} does not do its work (${last}): see that it runs, that this process reaches it, and that its certificate is of a public authority or of SIGNET_OUTBOUND_CA`,
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes of standard base64, with its padding; undefined for anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
