import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Certificates } from '../launch/certificates.js';
import type { Hasher } from '../passwords/hasher.js';

/** What the services of a process share: Node's own figures, with the event loop's lag among them, the one hasher, certificates. */
export function measureProcess(
  registry: Registry,
  hasher: Hasher,
  certificates: Pick<Certificates, 'expiries'> | undefined,
): void {
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name, help, registers: [registry] },
      collect() {
        this.set(read());
      },
    });
  // prom-client leaves its own out where registries are put together.
  const startedAt = Date.now() / 1_000 - process.uptime();
  gauge('signet_process_start_seconds', 'When the process started, in seconds since the epoch', () => startedAt);
  gauge('signet_hasher_waiting', 'Passwords that wait to be hashed', () => hasher.queued);
  gauge('signet_hasher_running', 'Passwords that are being hashed', () => hasher.running);
  const refused = new Counter({
    name: 'signet_hasher_refused_total',
    help: 'Passwords that had no turn within a second, or found the queue full: 503',
    registers: [registry],
  });
  const waits = new Histogram({
    name: 'signet_hasher_wait_seconds',
    help: 'Time that a password waited for its turn to be hashed',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1],
    registers: [registry],
  });
  new Gauge({
    name: 'signet_certificate_expiry_seconds',
    help: 'When a certificate that this process shows ends, in seconds since the epoch',
    labelNames: ['certificate'],
    registers: [registry],
    collect() {
      for (const [certificate, ends] of certificates?.expiries ?? []) this.set({ certificate }, ends);
    },
  });
  hasher.observe({
    onTurn: (milliseconds) => {
      waits.observe(milliseconds / 1_000);
    },
    onRefused: () => {
      refused.inc();
    },
  });
}
