import { NatsRefused } from './refusal.js';

/** PEM files for tls:// URLs. They are read at each connecting, so that what has replaced them is taken up. */
export interface NatsTlsFiles {
  /** The authority of the servers' certificates, where the system's own do not know it. */
  readonly caFile?: string | undefined;
  /** Our own, for servers that demand one. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** A connection to NATS that TLS has ended: nothing that waiting alone would mend. */
export class TlsFault extends NatsRefused {
  override readonly name = 'TlsFault';
}

const unknownAuthority =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|INVALID_CA|CERT_SIGNATURE)/;

/** What to do about an error of connecting to `hosts` over TLS; undefined for one that is not of TLS. */
export function tlsFaultOf(thrown: unknown, hosts: string, files: NatsTlsFiles = {}): TlsFault | undefined {
  const { code, text } = innermost(thrown);
  const sentence = sentenceOf(code, text, hosts, files);
  return sentence === undefined ? undefined : new TlsFault(sentence, { cause: thrown });
}

function sentenceOf(code: string, text: string, hosts: string, files: NatsTlsFiles): string | undefined {
  const ca = files.caFile ?? 'which is not set';
  if (unknownAuthority.test(code))
    return `the certificate of NATS at ${hosts} is of an authority that is not trusted: SIGNET_NATS_CA (${ca}) must hold it`;
  if (code === 'CERT_HAS_EXPIRED')
    return `the certificate of NATS at ${hosts} has expired, or that of its authority: give the server a new one`;
  if (code === 'CERT_NOT_YET_VALID')
    return `the certificate of NATS at ${hosts} is not valid yet: compare the clocks of both machines`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of NATS is not for ${hosts}: name a host that it has, or give the server one for this host`;
  if (/is not available on this server|does not support 'tls'/.test(text))
    return `NATS at ${hosts} speaks no TLS: give its configuration a tls block (\`signet nats config --tls-cert …\`)`;
  if (/doesn't exist$|^(?:EACCES|EISDIR)/.test(text)) return `a file of TLS for NATS cannot be read: ${text}`;
  if (/^ERR_SSL_.*(?:CERTIFICATE|UNKNOWN_CA)/.test(code))
    return `NATS at ${hosts} refuses our certificate (${code}): SIGNET_NATS_CERT (${files.certFile ?? 'which is not set'}) must be of an authority that it knows`;
  // TLS 1.3 has a client's certificate judged after the handshake, and the client does not hear of it.
  if (text === 'timeout')
    return `NATS at ${hosts} does not answer: where it demands certificates, that of SIGNET_NATS_CERT (${files.certFile ?? 'which is not set'}) is refused`;
  if (/^ERR_(?:O?SSL|TLS)_/.test(code)) return `TLS with NATS at ${hosts} failed: ${text}`;
  return undefined;
}

interface ErrorLike {
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: unknown;
}

const isErrorLike = (value: unknown): value is ErrorLike =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';

/** The client wraps what Node says, sometimes. */
function innermost(thrown: unknown): { code: string; text: string } {
  let error = thrown;
  while (isErrorLike(error) && isErrorLike(error.cause)) error = error.cause;
  if (!isErrorLike(error)) return { code: '', text: String(error) };
  return { code: typeof error.code === 'string' ? error.code : '', text: error.message };
}
