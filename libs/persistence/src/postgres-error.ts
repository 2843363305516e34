import { Conflict, DatabaseUnavailable, StatementFailed, TransactionConflict } from './errors.js';
import { refused } from './refusal.js';
import { untrusted } from './verified-tls.js';

interface PostgresError {
  code?: string;
  severity?: string;
  message: string;
  constraint?: string;
  table?: string;
}

/** PostgreSQL appendix A; each with what is said of it. */
const unavailable: Readonly<Record<string, string>> = {
  '25006': 'it accepts no writes',
  '25P03': 'a transaction was idle for too long',
  '26000': 'a connection lost its prepared statements',
  '55P03': 'a lock was not to be had in time',
  '57014': 'a statement took too long',
  '57P01': 'it is shutting down',
  '57P02': 'it crashed',
  '57P03': 'it is starting or stopping',
  '57P05': 'a session was idle for too long',
};

const unavailableClasses: Readonly<Record<string, string>> = {
  '08': 'the connection failed',
  '53': 'it has no resources left',
  '58': 'its system failed',
};

/** What Node and pg say, without a SQLSTATE, of a connection that is not or no longer there. */
const systemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
const clientTexts =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (?:has encountered a connection error|was closed)|Cannot use a pool after calling end|Query runner already released|Driver not Connected)/;

/**
 * The error that callers may know, for whatever TypeORM, pg or Postgres threw. Anything that is not theirs is given back as it is. `url`: of what was
 * connected to, which an error of TLS names.
 */
export function mapDatabaseError(thrown: unknown, url?: string): unknown {
  const error = driverError(thrown);
  if (error === undefined) return thrown;
  const fault = untrusted(error, url);
  if (fault) return fault;
  const code = error.code;
  const refusal = isConnecting(error) ? refused(error, url) : undefined;
  if (refusal) return refusal;
  const lost = lostConnection(error);
  if (lost !== undefined) return new DatabaseUnavailable(lost, code);
  if (code === undefined || !isSqlState(error)) return thrown;
  if (code === '40001' || code === '40P01') return new TransactionConflict(code);
  if (code === '23505' || code === '23P01') return new Conflict(error.constraint ?? error.table ?? 'unknown');
  // Texts of classes 22 and 23 quote values.
  const text = code.startsWith('22') || code.startsWith('23') ? 'A value was refused' : error.message;
  return new StatementFailed(code, `${text} (SQLSTATE ${code}).`, error.constraint);
}

/** True if the connection that gave this error must not be used again. An error that is not of the connection's is not meant. */
export function breaksConnection(thrown: unknown): boolean {
  const error = driverError(thrown);
  if (error === undefined) return false;
  if (!isSqlState(error)) return lostConnection(error) !== undefined;
  // 25006: it leads to a server that is a standby now. 26000 and a stale plan: only a new session forgets what it has prepared.
  const code = error.code ?? '';
  const fatal = error.severity === 'FATAL' || error.severity === 'PANIC';
  return fatal || /^(?:08|57P|58|25006|25P03|26000)/.test(code) || stalePlan(error);
}

function lostConnection(error: PostgresError): string | undefined {
  const code = error.code;
  if (!isSqlState(error)) {
    if (code !== undefined && systemCodes.has(code)) return code;
    if (untrusted(error, undefined)) return error.message;
    return clientTexts.test(error.message) ? error.message.replace(/\.$/, '') : undefined;
  }
  if (code === undefined) return undefined;
  if (stalePlan(error)) return 'a table was changed under a prepared statement';
  return unavailable[code] ?? unavailableClasses[code.slice(0, 2)];
}

/** A statement that is refused leaves its session: what ends it before it began is FATAL. */
function isConnecting(error: PostgresError): boolean {
  return isSqlState(error) && error.severity === 'FATAL';
}

function stalePlan(error: PostgresError): boolean {
  return error.code === '0A000' && error.message.startsWith('cached plan');
}

function isSqlState(error: PostgresError): boolean {
  return error.severity !== undefined && error.code !== undefined && /^[0-9A-Z]{5}$/.test(error.code);
}

function driverError(thrown: unknown): PostgresError | undefined {
  if (!isErrorLike(thrown)) return undefined;
  if ('driverError' in thrown && isErrorLike(thrown.driverError)) return thrown.driverError;
  // Node tries each address of a host name, and gives all their failures.
  if ('errors' in thrown && Array.isArray(thrown.errors) && isErrorLike(thrown.errors[0])) return thrown.errors[0];
  return thrown;
}

function isErrorLike(value: unknown): value is PostgresError {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}
