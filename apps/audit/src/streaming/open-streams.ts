import type { TenantId } from '@signet/contracts';
import type { DatabaseClock } from '@signet/persistence';
import { ManagementProblem, type AccessTokenChecks, type Authorities, type ServiceLogger } from '@signet/service';
import type { EventStream } from './event-stream.js';
import { expiryOf, judge, type Credential } from './judgement.js';
import { Turns } from './turns.js';

export interface StreamLimits {
  readonly perTenant: number;
  readonly altogether: number;
}

export const streamLimits: StreamLimits = { perTenant: 1_000, altogether: 5_000 };

/** Milliseconds. */
const times = { beat: 15_000, look: 1_000, judge: 10_000, unjudged: 60_000 } as const;
/** Of a tenant whose judgements are slow the others' do not wait. */
const judgesAtOnce = { altogether: 16, perTenant: 4 } as const;

interface Open {
  readonly tenantId: TenantId;
  readonly credential: Credential;
  readonly expiry: number | undefined;
  stream: EventStream | undefined;
  /** Monotonic: of the last judgement in its favour, and of the last at all. */
  judgedAt: number;
  askedAt: number;
  /** A judgement has been asked for and has not come. */
  pending: boolean;
}

/** The streams of this replica: no more than it bears, each for as long as what it was opened with is good. */
export class OpenStreams {
  readonly #open = new Set<Open>();
  readonly #judges = new Turns(judgesAtOnce.altogether, judgesAtOnce.perTenant);
  #timers: NodeJS.Timeout[] = [];
  #ending = false;

  constructor(
    private readonly checks: AccessTokenChecks,
    private readonly authorities: Authorities,
    private readonly clock: Pick<DatabaseClock, 'now'>,
    private readonly logger: Pick<ServiceLogger, 'warn'>,
    private readonly limits: StreamLimits = streamLimits,
  ) {}

  get count(): number {
    return this.#open.size;
  }

  start(): void {
    const beat = () => {
      for (const { stream } of this.#open) stream?.beat();
    };
    const look = () => {
      for (const open of this.#open) this.#lookAt(open);
    };
    this.#timers = [setInterval(beat, times.beat), setInterval(look, times.look)];
  }

  /** Ends all; whoever comes is sent elsewhere. */
  end(): void {
    this.#ending = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const { stream } of [...this.#open]) stream?.end();
  }

  /**
   * Takes a place, and gives what fills it with the stream and what leaves it. Throws a problem where the tenant, or this replica, has as
   * many as it may.
   */
  enter(tenantId: TenantId, credential: Credential): { fill(stream: EventStream): void; leave(): void } {
    if (this.#ending || this.#open.size >= this.limits.altogether)
      throw full('unavailable', 'This replica has as many streams as it bears');
    const ofTenant = [...this.#open].filter((open) => open.tenantId === tenantId).length;
    if (ofTenant >= this.limits.perTenant) throw full('too-many-requests', 'The tenant has as many streams as it may');
    const now = performance.now();
    const expiry = expiryOf(credential.token);
    const open: Open = { tenantId, credential, expiry, stream: undefined, judgedAt: now, askedAt: now, pending: false };
    this.#open.add(open);
    return {
      fill: (stream) => {
        open.stream = stream;
        // It may have begun to end while this one was being opened.
        if (this.#ending) stream.end();
      },
      leave: () => {
        this.#open.delete(open);
      },
    };
  }

  #lookAt(open: Open): void {
    if (!open.stream) return;
    if (open.expiry !== undefined && this.#isPast(open.expiry)) {
      open.stream.end('token');
      return;
    }
    const now = performance.now();
    if (now - open.judgedAt > times.unjudged) open.stream.end('unjudged');
    else if (!open.pending && now - open.askedAt >= times.judge - times.look) {
      open.pending = true;
      void this.#judges.take(() => this.#judge(open), open.tenantId);
    }
  }

  #isPast(seconds: number): boolean {
    try {
      return this.clock.now() >= seconds * 1_000_000;
    } catch {
      return Date.now() >= seconds * 1_000;
    }
  }

  async #judge(open: Open): Promise<void> {
    const asked = performance.now();
    open.askedAt = asked;
    // It may have ended while this waited for its turn.
    if (!this.#open.has(open)) return;
    try {
      const reason = await judge(this.checks, this.authorities, open.credential);
      if (reason === undefined) open.judgedAt = asked;
      else open.stream?.end(reason);
    } catch (error) {
      this.logger.warn('stream.unjudged', { error });
    } finally {
      open.pending = false;
    }
  }
}

const full = (code: 'unavailable' | 'too-many-requests', detail: string): ManagementProblem =>
  new ManagementProblem(code, detail, { headers: { 'Retry-After': '5' } });
