import type { FastifyInstance } from 'fastify';
import { UnsupportedMediaType } from './failure.js';
import type { HttpRequest } from './types.js';

/** Bytes. */
export const bodyLimit = 64 * 1024;
const jsonDepth = 32;

const form = 'application/x-www-form-urlencoded';
/** RFC 7396; RFC 7644 section 8.1. */
const jsonTypes = ['application/merge-patch+json', 'application/scim+json'] as const;
type JsonType = (typeof jsonTypes)[number];

class FormText {
  constructor(readonly text: string) {}
}

/** JSON that calls itself more than that. */
class TypedJson {
  constructor(
    readonly type: JsonType,
    readonly value: unknown,
  ) {}
}

class MalformedBody extends Error {
  readonly code = 'FST_SIGNET_MALFORMED_BODY';
  readonly statusCode = 400;
}

/** Forms stay text, which the protocol parses once and strictly; JSON becomes a value, with its type where it has one of its own. Anything else is 415. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(form, { parseAs: 'buffer' }, (_request, body, done) => {
    parse(done, () => new FormText(utf8(body as Buffer)));
  });
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    parse(done, () => json(utf8(body as Buffer)));
  });
  for (const type of jsonTypes) {
    fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
      parse(done, () => new TypedJson(type, json(utf8(body as Buffer))));
    });
  }
}

function parse(done: (error: Error | null, body?: unknown) => void, read: () => unknown): void {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    done(new MalformedBody('The body is malformed.', { cause: error }));
    return;
  }
  done(null, value);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = (body: Buffer): string => decoder.decode(body);

/** Throws for what is not JSON, nests too deep, or has a key that means something to JavaScript. */
export function json(text: string): unknown {
  const value: unknown = JSON.parse(text);
  check(value, jsonDepth);
  return value;
}

function check(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw new TypeError('JSON nests too deep');
  for (const [key, member] of Object.entries(value) as [string, unknown][]) {
    const poisons = key === '__proto__' || (key === 'constructor' && hasPrototype(member));
    if (poisons) throw new TypeError('a key that JSON may not have here');
    check(member, depth - 1);
  }
}

const hasPrototype = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');

/** The query as it was sent, without the question mark; undecoded. */
export function rawQuery(request: HttpRequest): string {
  const url = request.raw.url ?? '';
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/** The body of a form as it was sent, undecoded but well-formed UTF-8; undefined where there is none. Throws UnsupportedMediaType for other bodies. */
export function rawForm(request: HttpRequest): string | undefined {
  const { body } = request;
  if (body === undefined || body === null) return undefined;
  if (!(body instanceof FormText)) throw new UnsupportedMediaType('The body is no form.');
  return body.text;
}

/** The value of a JSON body, for a schema to parse; undefined where there is none. Throws UnsupportedMediaType for other bodies. */
export function jsonBody(request: HttpRequest): unknown {
  if (request.body instanceof FormText || request.body instanceof TypedJson) {
    throw new UnsupportedMediaType('The body is not JSON.');
  }
  return request.body;
}

/** The value of a merge patch (RFC 7396), which may also call itself JSON. Throws UnsupportedMediaType for other bodies. */
export const mergePatchBody = (request: HttpRequest): unknown => typedBody(request, 'application/merge-patch+json');

/** The value of a body of SCIM's (RFC 7644), which may also call itself JSON. Throws UnsupportedMediaType for other bodies. */
export const scimBody = (request: HttpRequest): unknown => typedBody(request, 'application/scim+json');

function typedBody(request: HttpRequest, type: JsonType): unknown {
  const { body } = request;
  return body instanceof TypedJson && body.type === type ? body.value : jsonBody(request);
}
