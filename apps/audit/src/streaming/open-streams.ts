import type { TenantId } from '@signet/contracts';
import { ManagementProblem } from '@signet/service';
import type { EventStream } from './event-stream.js';
import type { Credential } from './judgement.js';
import type { Judgements } from './judgements.js';

export interface StreamLimits {
  readonly perTenant: number;
  readonly altogether: number;
}

export const streamLimits: StreamLimits = { perTenant: 1_000, altogether: 5_000 };

/** Milliseconds. */
const beat = 15_000;

interface Open {
  readonly tenantId: TenantId;
  stream: EventStream | undefined;
}

/** The streams of this replica: no more than it bears, each for as long as what it was opened with is good. */
export class OpenStreams {
  readonly #open = new Set<Open>();
  #timer: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(
    private readonly judgements: Pick<Judgements, 'watch'>,
    private readonly limits: StreamLimits = streamLimits,
  ) {}

  get count(): number {
    return this.#open.size;
  }

  start(): void {
    this.#timer = setInterval(() => {
      for (const { stream } of this.#open) stream?.beat();
    }, beat);
  }

  /** Ends all; whoever comes is sent elsewhere. */
  end(): void {
    this.#ending = true;
    clearInterval(this.#timer);
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
    const open: Open = { tenantId, stream: undefined };
    this.#open.add(open);
    let unwatch: (() => void) | undefined;
    return {
      fill: (stream) => {
        open.stream = stream;
        // It may have been left while it was being opened.
        if (this.#open.has(open))
          unwatch = this.judgements.watch(tenantId, credential, (reason) => {
            stream.end(reason);
          });
        // It may have begun to end while this one was being opened.
        if (this.#ending) stream.end();
      },
      leave: () => {
        this.#open.delete(open);
        unwatch?.();
      },
    };
  }
}

const full = (code: 'unavailable' | 'too-many-requests', detail: string): ManagementProblem =>
  new ManagementProblem(code, detail, { headers: { 'Retry-After': '5' } });
