import { randomBytes } from 'node:crypto';

/** W3C Trace Context level 1. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Two hexadecimal digits; 01 is sampled. */
  readonly flags: string;
}

const form = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The trace that a header names, or undefined: section 3.2.2.5 has a malformed one count as none. */
export function parseTraceparent(header: string | undefined): Trace | undefined {
  const match = header !== undefined && header.length <= 128 ? form.exec(header) : null;
  if (!match) return undefined;
  const [, version, traceId, spanId, flags, more] = match;
  // Version 00 has nothing after the flags; later versions may.
  if (version === '00' && more !== undefined) return undefined;
  return { traceId: traceId ?? '', spanId: spanId ?? '', flags: flags ?? '' };
}

/** A span of our own: of the caller's trace, or the first of a new one. */
export function childSpan(parent: Trace | undefined): Trace {
  const spanId = randomBytes(8).toString('hex');
  if (parent) return { traceId: parent.traceId, spanId, flags: parent.flags };
  return { traceId: randomBytes(16).toString('hex'), spanId, flags: '00' };
}

export function traceparent({ traceId, spanId, flags }: Trace): string {
  return `00-${traceId}-${spanId}-${flags}`;
}
