import { eventTypePattern } from '@signet/contracts';
import { ManagementProblem, rawQuery, type HttpRequest } from '@signet/service';
import { TypeFilter } from '../reading/type-filter.js';

/** `after`: the index that was last seen. */
export type Start = 'beginning' | 'end' | { readonly after: number };

export interface Asked {
  readonly start: Start;
  readonly types: readonly string[];
  readonly filter: TypeFilter;
  readonly personal: boolean;
}

const known: ReadonlySet<string> = new Set(['type', 'after', 'from', 'personal']);
const mostTypes = 50;
const digits = /^\d{1,15}$/;

const malformed = (parameter: string, detail: string): ManagementProblem =>
  new ManagementProblem('invalid-request', 'The request is malformed', { errors: [{ parameter, detail }] });

/** What a request for a stream asks for. Throws ManagementProblem for what it cannot mean. */
export function askedOf(request: HttpRequest): Asked {
  // `type` may be there several times, which requests of OAuth may not have.
  const parameters = new URLSearchParams(rawQuery(request));
  const once = (name: string): string | undefined => {
    const values = parameters.getAll(name);
    if (values.length > 1) throw malformed(name, 'is included more than once');
    return values[0];
  };
  const stranger = [...parameters.keys()].find((name) => !known.has(name));
  if (stranger !== undefined) throw malformed(stranger.slice(0, 100), 'is not known here');
  const types = parameters.getAll('type');
  if (types.length > mostTypes) throw malformed('type', `is included more than ${mostTypes} times`);
  if (!types.every((type) => eventTypePattern.safeParse(type).success)) throw malformed('type', 'is no type of event');
  const personal = once('personal') ?? 'false';
  if (personal !== 'true' && personal !== 'false') throw malformed('personal', 'is true or false');
  const start = startOf(request.headers['last-event-id'], once('after'), once('from'));
  return { start, types, filter: new TypeFilter(types), personal: personal === 'true' };
}

/** A client that comes back says where it was in a header (HTML section 9.2.3), and asks as it first did otherwise. */
function startOf(header: unknown, after: string | undefined, from: string | undefined): Start {
  if (from !== undefined && from !== 'start' && from !== 'end') throw malformed('from', 'is start or end');
  if (after !== undefined && from !== undefined) throw malformed('from', 'does not go with after');
  if (after !== undefined && !digits.test(after)) throw malformed('after', 'is an index of the log');
  const last = typeof header === 'string' && header !== '' ? header : undefined;
  if (last !== undefined && !digits.test(last)) throw malformed('Last-Event-ID', 'is an index of the log');
  const seen = last ?? after;
  if (seen !== undefined) return { after: Number(seen) };
  return from === 'start' ? 'beginning' : 'end';
}
