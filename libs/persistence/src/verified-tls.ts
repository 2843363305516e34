import { readFileSync } from 'node:fs';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';
import type { ClientConfig } from 'pg';
import { DatabaseUntrusted } from './errors.js';

/** Parameters of the URL that pg would read itself, once where it parses and with errors that end a process. */
const ours = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'] as const;

/** The last one counts, as it does for pg. */
const parameter = (url: URL, name: string): string | undefined => {
  const value = url.searchParams.getAll(name).at(-1);
  return value === '' ? undefined : value;
};

/** PEM files that a Postgres URL names. */
export interface DatabaseTlsFiles {
  readonly authority: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export interface DatabaseTransport {
  /** A host, an address, or the directory of a unix socket; empty where the URL has none. */
  readonly host: string;
  /** sslmode=verify-full: encrypted, and the server's certificate held against its authority and the host. */
  readonly verified: boolean;
  readonly files: DatabaseTlsFiles;
}

/** How a connection to this Postgres URL is made: as pg understands the URL, in which `host` as a parameter wins. */
export function databaseTransport(url: string): DatabaseTransport {
  const parsed = new URL(url);
  const authority = parameter(parsed, 'sslrootcert');
  return {
    host: decodeURIComponent(parameter(parsed, 'host') ?? parsed.hostname),
    verified: parameter(parsed, 'sslmode') === 'verify-full',
    files: {
      authority: authority === 'system' ? undefined : authority,
      certificate: parameter(parsed, 'sslcert'),
      key: parameter(parsed, 'sslkey'),
    },
  };
}

/**
 * pg's configuration for a URL. With sslmode=verify-full each new connection takes the files as they are then; while they cannot be used, as they
 * last could. Throws where they cannot be from the start.
 */
export function connectionOf(url: string): Pick<ClientConfig, 'connectionString' | 'ssl' | 'sslnegotiation'> {
  const parsed = new URL(url);
  // pg lets `options` in the URL win over ours, and with it the search path.
  parsed.searchParams.delete('options');
  const { verified, files } = databaseTransport(url);
  if (!verified) return { connectionString: parsed.toString() };
  const direct = parameter(parsed, 'sslnegotiation') === 'direct';
  for (const name of ours) parsed.searchParams.delete(name);
  const trust = trustIn(files);
  return {
    connectionString: parsed.toString(),
    ...(direct && { sslnegotiation: 'direct' }),
    ssl: {
      rejectUnauthorized: true,
      // Asked for by pg at each connecting.
      get secureContext() {
        return trust.context;
      },
    } satisfies ConnectionOptions,
  };
}

/** One for each set of files that a process is told of, so that what could once be read is there whoever connects next. */
const trusts = new Map<string, ReadAnew>();

function trustIn(files: DatabaseTlsFiles): ReadAnew {
  const key = JSON.stringify(files);
  const trust = trusts.get(key) ?? new ReadAnew(files);
  trusts.set(key, trust);
  return trust;
}

/** A secure context of files that may be replaced at any moment. */
class ReadAnew {
  #texts: readonly string[];
  #context: SecureContext;

  constructor(private readonly files: DatabaseTlsFiles) {
    this.#texts = this.#read();
    this.#context = contextOf(files, this.#texts);
  }

  get context(): SecureContext {
    try {
      const texts = this.#read();
      if (texts.some((text, index) => text !== this.#texts[index])) {
        this.#context = contextOf(this.files, texts);
        this.#texts = texts;
      }
    } catch {
      // Half written, or a certificate beside the key of another: the next connection looks again.
    }
    return this.#context;
  }

  #read(): string[] {
    const { authority, certificate, key } = this.files;
    return [authority, certificate, key].map((file) => (file === undefined ? '' : readFileSync(file, 'utf8')));
  }
}

function contextOf(files: DatabaseTlsFiles, [ca = '', cert = '', key = '']: readonly string[]): SecureContext {
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ...(files.authority !== undefined && { ca }),
    ...(files.certificate !== undefined && { cert }),
    ...(files.key !== undefined && { key }),
  });
}

const unknownAuthority =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|INVALID_CA|CERT_SIGNATURE)/;

/** What to do about an error of TLS with the server; undefined for any other error. */
export function untrusted(
  { code = '', message }: { readonly code?: string | undefined; readonly message: string },
  url: string | undefined,
): DatabaseUntrusted | undefined {
  const { host, files } = url === undefined ? { host: '', files: undefined } : databaseTransport(url);
  const server = host === '' ? 'PostgreSQL' : `PostgreSQL at ${host}`;
  const because = (reason: string) => new DatabaseUntrusted(reason, code);
  if (unknownAuthority.test(code))
    return because(
      `the certificate of ${server} is of an authority that is not trusted: sslrootcert of the URL (${files?.authority ?? 'which it has not'}) must hold it`,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return because(`the certificate of ${server} has expired, or that of its authority: give the server a new one`);
  if (code === 'CERT_NOT_YET_VALID')
    return because(`the certificate of ${server} is not valid yet: compare the clocks of both machines`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return because(
      `the certificate of ${server} is not for this host: name a host that it has, or give the server one for this host`,
    );
  if (message.startsWith('The server does not support SSL'))
    return because(`${server} speaks no TLS: set ssl = on in postgresql.conf, with a certificate`);
  if (code === '28000' && message.includes('client certificate'))
    return because(`${server} demands a client certificate: name it in the URL, by sslcert and sslkey`);
  if (/^ERR_SSL_.*(?:CERTIFICATE|UNKNOWN_CA)/.test(code))
    return because(
      `${server} refuses our certificate: sslcert of the URL (${files?.certificate ?? 'which it has not'}) must be of an authority that it knows`,
    );
  if (/^ERR_(?:O?SSL|TLS)_/.test(code)) return because(`TLS with ${server} failed: ${message}`);
  return undefined;
}
