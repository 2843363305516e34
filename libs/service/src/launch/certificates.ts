import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { ServiceLogger } from '../observability/service-logger.js';

/** PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface WatchedPair {
  readonly name: 'edge' | 'nats';
  /** Paths. */
  readonly certificate: string;
  readonly key: string;
  /** Told of a pair that is another than the last. */
  readonly take?: (pair: CertificatePair) => void;
}

const milliseconds = 2_000;

/**
 * The certificates that a process shows. Their files are looked at by content every two seconds, since Kubernetes swaps what a path leads to. What is no
 * pair, or half written, is logged once, and the pair before it stays.
 */
export class Certificates {
  readonly #seen = new Map<string, string>();
  readonly #expiries = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly watched: readonly WatchedPair[],
    private readonly logger: Pick<ServiceLogger, 'info' | 'error'>,
  ) {}

  /** Unix time, in seconds, at which each ends. */
  get expiries(): ReadonlyMap<string, number> {
    return this.#expiries;
  }

  start(): void {
    this.look();
    if (this.watched.length > 0)
      this.#timer = setInterval(() => {
        this.look();
      }, milliseconds).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    for (const pair of this.watched) this.#lookAt(pair);
  }

  #lookAt({ name, certificate, key, take }: WatchedPair): void {
    let seen = 'unread';
    try {
      const pair = { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
      seen = `${pair.cert}\n${pair.key}`;
      if (seen === this.#seen.get(name)) return;
      createSecureContext(pair);
      const ends = new Date(new X509Certificate(pair.cert).validTo);
      take?.(pair);
      this.#expiries.set(name, ends.getTime() / 1_000);
      const fields = { certificate: name, file: certificate, ends: ends.toISOString() };
      if (ends.getTime() < Date.now()) this.logger.error('certificate.expired', fields);
      else this.logger.info('certificate.taken', fields);
    } catch (error) {
      if (seen === this.#seen.get(name)) return;
      this.logger.error('certificate.refused', { certificate: name, file: certificate, key, error });
    }
    this.#seen.set(name, seen);
  }
}
