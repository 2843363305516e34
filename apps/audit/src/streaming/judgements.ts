import type { TenantId } from '@signet/contracts';
import type { DatabaseClock } from '@signet/persistence';
import type { AccessTokenChecks, Authorities, ServiceLogger } from '@signet/service';
import { expiryOf, judge, type Credential, type EndReason } from './judgement.js';
import { Turns } from './turns.js';

/** Milliseconds. */
const times = { look: 1_000, judge: 10_000, unjudged: 60_000 } as const;
/** Of a tenant whose judgements are slow the others' do not wait. */
const judgesAtOnce = { altogether: 16, perTenant: 4 } as const;

interface Watched {
  readonly tenantId: TenantId;
  readonly credential: Credential;
  readonly expiry: number | undefined;
  readonly end: (reason: EndReason) => void;
  /** Monotonic: of the last judgement in its favour, and of the last at all. */
  judgedAt: number;
  askedAt: number;
  /** A judgement has been asked for and has not come. */
  pending: boolean;
}

/** Of answers that last: whether what each was asked for with is still good. */
export class Judgements {
  readonly #watched = new Set<Watched>();
  readonly #judges = new Turns(judgesAtOnce.altogether, judgesAtOnce.perTenant);
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly checks: AccessTokenChecks,
    private readonly authorities: Authorities,
    private readonly clock: Pick<DatabaseClock, 'now'>,
    private readonly logger: Pick<ServiceLogger, 'warn'>,
  ) {}

  start(): void {
    this.#timer = setInterval(() => {
      for (const watched of this.#watched) this.#lookAt(watched);
    }, times.look);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Judges a credential that was good just now every ten seconds, and calls `end` once when it is not any more. Gives what ends that. */
  watch(tenantId: TenantId, credential: Credential, end: (reason: EndReason) => void): () => void {
    const now = performance.now();
    const expiry = expiryOf(credential.token);
    const watched: Watched = { tenantId, credential, expiry, end, judgedAt: now, askedAt: now, pending: false };
    this.#watched.add(watched);
    return () => {
      this.#watched.delete(watched);
    };
  }

  #lookAt(watched: Watched): void {
    const now = performance.now();
    if (watched.expiry !== undefined && this.#isPast(watched.expiry)) this.#end(watched, 'token');
    else if (now - watched.judgedAt > times.unjudged) this.#end(watched, 'unjudged');
    else if (!watched.pending && now - watched.askedAt >= times.judge - times.look) {
      watched.pending = true;
      void this.#judges.take(() => this.#judge(watched), watched.tenantId);
    }
  }

  #end(watched: Watched, reason: EndReason): void {
    if (this.#watched.delete(watched)) watched.end(reason);
  }

  #isPast(seconds: number): boolean {
    try {
      return this.clock.now() >= seconds * 1_000_000;
    } catch {
      return Date.now() >= seconds * 1_000;
    }
  }

  async #judge(watched: Watched): Promise<void> {
    const asked = performance.now();
    watched.askedAt = asked;
    // It may have ended while this waited for its turn.
    if (!this.#watched.has(watched)) return;
    try {
      const reason = await judge(this.checks, this.authorities, watched.credential);
      if (reason === undefined) watched.judgedAt = asked;
      else this.#end(watched, reason);
    } catch (error) {
      this.logger.warn('stream.unjudged', { error });
    } finally {
      watched.pending = false;
    }
  }
}
