import { callContext, MeshError, type Log } from '@signet/messaging';
import { pino, type DestinationStream, type Logger } from 'pino';
import { parseTraceparent } from './traceparent.js';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/** Names under which a secret could stand; a last line of defence, since none is to be logged in the first place. */
const secretNames = [
  'authorization',
  'client_secret',
  'code',
  'code_verifier',
  'cookie',
  'password',
  'private_key',
  'refresh_token',
  'secret',
  'set-cookie',
  'token',
  'access_token',
  'id_token',
  'id_token_hint',
];

/** Every line has an event's name and fields, and the ids of the trace that it was written in. */
export class ServiceLogger {
  /** Pino's own, for libraries that take one. */
  readonly pino: Logger;

  constructor(logger: Logger) {
    this.pino = logger;
  }

  /** The process's logger; lines are JSON on the standard output. */
  static root(level: LogLevel, destination?: DestinationStream): ServiceLogger {
    const options = {
      level,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
      mixin: traceFields,
      redact: {
        paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[redacted]',
      },
    };
    return new ServiceLogger(destination ? pino(options, destination) : pino(options));
  }

  child(fields: LogFields): ServiceLogger {
    return new ServiceLogger(this.pino.child(fields));
  }

  debug(event: string, fields: LogFields = {}): void {
    this.pino.debug(fields, event);
  }

  info(event: string, fields: LogFields = {}): void {
    this.pino.info(fields, event);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.pino.warn(readable(fields), event);
  }

  error(event: string, fields: LogFields = {}): void {
    this.pino.error(readable(fields), event);
  }

  /** In the form that libs/messaging writes to. */
  get log(): Log {
    return (level, event, fields) => {
      this[level](event, fields);
    };
  }
}

/** JSON has no form for an Error: its name, text and stack are said instead, and those of its causes. */
function readable(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? describe(value) : value]),
  );
}

function describe(error: Error, depth = 0): Record<string, unknown> {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && { code: error.code }),
    // They travel between services, so nothing secret is in them.
    ...(error instanceof MeshError && error.details !== undefined && { details: error.details }),
    ...(error.cause instanceof Error && depth < 4 && { cause: describe(error.cause, depth + 1) }),
  };
}

function traceFields(): object {
  const trace = parseTraceparent(callContext.getStore()?.traceparent);
  return trace ? { trace_id: trace.traceId, span_id: trace.spanId } : {};
}
