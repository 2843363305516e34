import { DatabaseUnavailable, type Database } from '@signet/persistence';
import type { ServiceLogger } from '@signet/service';
import { fillWindow, listBehind, type WebhookPlace } from './store/window.js';

/** Milliseconds between two looks, where nothing is appended in this process. */
const every = 500;

/** Takes what the log has for each webhook under way. Every replica has one; a webhook's position is one replica's at a time. */
export class WebhookDispatcher {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #blind = false;
  /** Who had its turn last; the next one is first now. */
  #after: WebhookPlace | undefined;
  /** Webhooks whose last step failed, so that it is told once. */
  readonly #failing = new Set<string>();
  #stopped = false;

  constructor(
    private readonly database: Pick<Database, 'execute' | 'first'>,
    private readonly logger: Pick<ServiceLogger, 'warn'>,
    /** Something is due. */
    private readonly onFilled: () => void,
  ) {}

  start(): void {
    this.#timer = setInterval(() => {
      this.nudge();
    }, every);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** There may be more, or more room: look at once, and once more where a look is under way. */
  nudge(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
  }

  async #look(): Promise<void> {
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        const behind = await this.database.execute(listBehind, { after: this.#after });
        this.#after = behind.at(-1) ?? this.#after;
        for (const place of behind) await this.#fill(place);
        if (behind.length > 0) this.onFilled();
      }
      this.#blind = false;
    } catch (error) {
      // Told when an outage begins, not each half second of it.
      if (!this.#blind) this.logger.warn('webhooks.unfilled', { error });
      this.#blind = true;
    }
  }

  /** One step, so that a long way through a log holds up nobody else; nor does one that fails. */
  async #fill(place: WebhookPlace): Promise<void> {
    if (this.#stopped) return;
    const key = `${place.tenantId} ${place.webhookId}`;
    try {
      if ((await this.database.first(fillWindow, place))?.more) this.#again = true;
      this.#failing.delete(key);
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error;
      if (!this.#failing.has(key)) this.logger.warn('webhooks.unfilled', { webhook: place.webhookId, error });
      this.#failing.add(key);
    }
  }
}
