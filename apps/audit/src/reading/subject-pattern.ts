/** A NATS subject filter as a regular expression of Postgres: `*` is one token, `>` the rest. */
export function subjectPattern(filter: string): string {
  const tokens = filter.split('.').map((token) => {
    if (token === '*') return '[^.]+';
    if (token === '>') return '.+';
    return token.replace(/[^A-Za-z0-9_-]/g, '\\$&');
  });
  return `^${tokens.join('\\.')}$`;
}
