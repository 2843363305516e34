export interface Configuration {
  /** Everything else about the provider is discovered from here. */
  readonly issuer: string;
  /** What the provider calls this server: the `aud` of the tokens that are for it. */
  readonly audience: string;
  /** The scope that its one resource takes. */
  readonly scope: string;
  readonly host: string;
  readonly port: number;
}

export class ConfigurationError extends Error {}

/** The one place that reads the environment. All faults are reported together. */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const faults: string[] = [];
  const url = (name: string): string => {
    const value = environment[name] ?? '';
    if (!URL.canParse(value)) faults.push(`${name} is not a URL: ${value}`);
    return value;
  };
  const port = Number(environment['PORT'] ?? '3002');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('PORT is not a port number');
  const configuration = {
    ...{ issuer: url('ISSUER'), audience: url('AUDIENCE'), scope: environment['SCOPE'] ?? 'demo:read' },
    ...{ host: environment['HOST'] ?? 'localhost', port },
  };
  if (faults.length > 0) throw new ConfigurationError(faults.join('\n'));
  return configuration;
}
