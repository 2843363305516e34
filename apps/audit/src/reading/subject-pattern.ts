/**
 * A NATS subject filter as a regular expression of Postgres: `*` is one token, `>` at the end one or more. Undefined for what is
 * not a filter.
 */
export function subjectPattern(filter: string): string | undefined {
  const tokens = filter.split('.');
  const patterns = tokens.map((token, place) => {
    if (token === '*') return '[^.]+';
    if (token === '>') return place === tokens.length - 1 ? '.+' : undefined;
    return /^[A-Za-z0-9_-]+$/.test(token) ? token : undefined;
  });
  return patterns.includes(undefined) ? undefined : `^${patterns.join('[.]')}$`;
}
