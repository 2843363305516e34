/** The one place where the environment is read. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  // eslint-disable-next-line no-restricted-syntax -- this is the configuration that the rule leaves it to
  return process.env;
}
