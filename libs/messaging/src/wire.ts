import { tolerant } from '@signet/contracts';
import type { z } from 'zod';
import { MeshError } from './mesh-error.js';

/** Remaining milliseconds, so that two clocks need not agree. */
export const timeoutHeader = 'signet-timeout';
/** The code of a failed request; the body is then `{ message, details }`. */
export const errorHeader = 'signet-error';
export const traceparentHeader = 'traceparent';

/** Sealed personal part of an event, base64url. */
export const personalHeader = 'Signet-Personal';
export const aggregateHeader = 'Signet-Aggregate';
export const aggregateVersionHeader = 'Signet-Aggregate-Version';

/** Half of nats-server's default max_payload: a message is refused by us with a code before NATS drops the connection. */
export const maxPayload = 512 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encode(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value ?? null));
}

/** Throws SyntaxError or TypeError for anything that is not well-formed UTF-8 JSON. */
export function decode(data: Uint8Array): unknown {
  return JSON.parse(decoder.decode(data));
}

/** What a peer sent, which may be a version older or newer than this: members that are not known here go no further. */
export function readPeer<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: 'invalid_argument' | 'internal',
  subject: string,
): z.output<S> {
  return validate(tolerant(schema), value, code, subject);
}

/** Issues carry paths and expectations but no values: what was refused may be a secret. */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: 'invalid_argument' | 'internal',
  subject: string,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    code: issue.code,
    message: issue.message,
  }));
  throw new MeshError(code, `${subject}: the message does not match its schema`, issues);
}
