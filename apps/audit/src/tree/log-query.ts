import { ManagementProblem, rawQuery, type HttpRequest } from '@signet/service';

export const malformed = (parameter: string, detail: string): ManagementProblem =>
  new ManagementProblem('invalid-request', 'The request is malformed', { errors: [{ parameter, detail }] });

/** The parameters of a query, each once and known. Throws ManagementProblem for others. */
export function parametersOf(request: HttpRequest, known: readonly string[]): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery(request))) {
    if (!known.includes(name)) throw malformed(name.slice(0, 100), 'is not known here');
    if (parameters.has(name)) throw malformed(name, 'is included more than once');
    parameters.set(name, value);
  }
  return parameters;
}

/** A size or an index in decimal; undefined where it is not given. Throws ManagementProblem beyond `most`. */
export function numberOf(name: string, given: string | undefined, most: number): number | undefined {
  if (given === undefined) return undefined;
  const value = /^(?:0|[1-9]\d{0,15})$/.test(given) ? Number(given) : NaN;
  if (!(value <= most)) throw malformed(name, `is a number up to ${most}`);
  return value;
}
