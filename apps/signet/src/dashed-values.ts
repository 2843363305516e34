/**
 * Arguments so that a value may begin with a dash, as ids in base64url do: `--id -x` is `--id=-x`, and one that belongs to no option comes after `--`.
 * Options of ours have no short forms that it could be. `named`: the options that take a value.
 */
export function withDashedValues(given: readonly string[], named: readonly string[]): string[] {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const options: string[] = [];
  const values: string[] = [];
  for (const word of given.slice(0, end)) {
    const last = options.at(-1);
    if (!/^-[^-]/.test(word)) options.push(word);
    else if (last?.startsWith('--') && named.includes(last.slice(2))) options.splice(-1, 1, `${last}=${word}`);
    else values.push(word);
  }
  const rest = [...values, ...given.slice(end + 1)];
  return rest.length > 0 ? [...options, '--', ...rest] : options;
}
