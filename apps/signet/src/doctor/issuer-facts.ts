import { connect, type PeerCertificate } from 'node:tls';
import { OutboundFetch, type AddedAuthorities } from '@signet/service';
import { z } from 'zod';
import { patience } from './within.js';

/** What a client finds at the issuer's URL, from where this command runs. */
export interface IssuerFacts {
  readonly url: string;
  /** Of discovery; 0 where nothing answered, and `fault` says why. */
  readonly status: number;
  readonly fault: string | undefined;
  /** What discovery says. */
  readonly issuer: string | undefined;
  /** `Date`, and the machine's clock of the same moment; milliseconds since the epoch. */
  readonly clock: { readonly answered: number; readonly machine: number } | undefined;
  readonly strictTransport: string | undefined;
  /** What says that a proxy answered: `Via`, or a `Server` that Signet does not send. */
  readonly proxy: string | undefined;
  /** Paths of the management port that answered with a 200 here. */
  readonly managed: readonly string[];
  readonly certificate: CertificateFacts | undefined;
}

export interface CertificateFacts {
  /** Milliseconds since the epoch. */
  readonly ends: number;
  /** Why it is not trusted, in Node's words; undefined where it is. */
  readonly untrusted: string | undefined;
}

const managementPaths = ['/metrics', '/health', '/livez', '/readyz'] as const;

const discovery = z.object({ issuer: z.string() });

export async function examineIssuer(url: string, authorities: AddedAuthorities | undefined): Promise<IssuerFacts> {
  const fetch = new OutboundFetch({ allow: [url], authorities, deadline: patience - 1_000 });
  const get = (path: string) => fetch.ask(`${url}${path}`, { method: 'GET', headers: {} });
  const before = Date.now();
  const [answer, certificate, ...managed] = await Promise.all([
    get('/.well-known/openid-configuration'),
    certificateAt(url, authorities),
    ...managementPaths.map(async (path) => ({ path, answer: await get(path) })),
  ]);
  const machine = (before + Date.now()) / 2;
  const headers = answer.ok ? answer.headers : {};
  const answered = Date.parse(headers.date ?? '');
  return {
    url,
    status: answer.ok ? answer.status : 0,
    fault: answer.ok ? undefined : answer.fault,
    issuer: answer.ok ? issuerIn(answer.body) : undefined,
    clock: Number.isFinite(answered) ? { answered, machine } : undefined,
    strictTransport: headers['strict-transport-security'],
    proxy: [headers.via ?? headers.server].flat()[0],
    managed: managed
      .filter(({ answer: { ok, ...rest } }) => ok && 'status' in rest && rest.status === 200)
      .map(({ path }) => path),
    certificate,
  };
}

function issuerIn(body: Uint8Array): string | undefined {
  try {
    return discovery.parse(JSON.parse(new TextDecoder().decode(body))).issuer;
  } catch {
    return undefined;
  }
}

/** The certificate that is shown there, trusted or not; undefined without TLS, or where nobody answers. */
function certificateAt(url: string, authorities: AddedAuthorities | undefined): Promise<CertificateFacts | undefined> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const socket = connect({
      ...{ host, port: Number(port || 443), timeout: patience - 1_000 },
      ...(!/^[\d.]+$|:/.test(host) && { servername: host }),
      ...(authorities && { secureContext: authorities.context }),
      rejectUnauthorized: false,
    });
    const done = (facts: CertificateFacts | undefined) => {
      socket.destroy();
      resolve(facts);
    };
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate() as Partial<PeerCertificate>;
      const ends = Date.parse(shown.valid_to ?? '');
      const untrusted = socket.authorized ? undefined : String(socket.authorizationError);
      done(Number.isFinite(ends) ? { ends, untrusted } : undefined);
    });
    socket.once('error', () => {
      done(undefined);
    });
    socket.once('timeout', () => {
      done(undefined);
    });
  });
}
