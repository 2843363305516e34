export interface Configuration {
  /** Everything else about the provider is discovered from here. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly host: string;
  readonly port: number;
  /** Where browsers reach this application. Its URLs are made from this, never from the Host header of a request. */
  readonly baseUrl: URL;
}

export class ConfigurationError extends Error {}

/** The one place that reads the environment. All faults are reported together. */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const faults: string[] = [];
  const required = (name: string): string => {
    const value = environment[name] ?? '';
    if (value === '') faults.push(`${name} is not set`);
    return value;
  };
  const url = (name: string, text: string): URL => {
    if (URL.canParse(text)) return new URL(text);
    if (text !== '') faults.push(`${name} is not a URL: ${text}`);
    return new URL('http://invalid.example');
  };
  // Compared with the issuer that the provider names, character by character, so it is kept as it was written.
  const issuer = (name: string): string => {
    const text = required(name);
    url(name, text);
    return text;
  };
  const port = (text: string): number => {
    if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
    faults.push(`PORT is not a port number: ${text}`);
    return 0;
  };

  const listening = port(environment['PORT'] ?? '3001');
  const configuration = {
    issuer: issuer('ISSUER'),
    clientId: required('CLIENT_ID'),
    clientSecret: required('CLIENT_SECRET'),
    host: environment['HOST'] ?? 'localhost',
    port: listening,
    baseUrl: url('BASE_URL', environment['BASE_URL'] ?? `http://localhost:${String(listening)}`),
  };
  if (faults.length > 0) throw new ConfigurationError(faults.join('\n'));
  return configuration;
}
