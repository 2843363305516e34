import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceLogger } from '@signet/service';
import { Appended } from '../log/appended.js';
import { Overtaken } from '../log/appender.js';
import { LogWriter } from '../log/log-writer.js';
import { TreeBuilder } from './tree-builder.js';

/** Milliseconds between the beginnings of two rounds at least: what commits between them is signed together. */
const pace = 200;
/** Milliseconds after which it looks by itself. */
const looks = 500;

/** Keeps the trees up to their logs while this replica is the writer: a checkpoint follows its entries within a second. */
@Injectable()
export class TreeKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private stopListening: (() => void) | undefined;
  private interval: NodeJS.Timeout | undefined;
  private next: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private due = false;
  /** Of the last round, by the monotonic clock. */
  private begun = -Infinity;
  private stopped = false;

  constructor(
    private readonly writer: LogWriter,
    private readonly appended: Appended,
    private readonly builder: TreeBuilder,
    private readonly logger: ServiceLogger,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.appended.on(() => {
      this.soon();
    });
    this.interval = setInterval(() => {
      this.soon();
    }, looks);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.stopListening?.();
    clearInterval(this.interval);
    clearTimeout(this.next);
    await this.round;
  }

  private soon(): void {
    if (this.stopped || this.next) return;
    if (this.round) {
      this.due = true;
      return;
    }
    this.next = setTimeout(
      () => {
        this.next = undefined;
        this.round = this.work().finally(() => {
          this.round = undefined;
          if (this.due) this.soon();
          this.due = false;
        });
      },
      Math.max(0, this.begun + pace - performance.now()),
    );
  }

  private async work(): Promise<void> {
    this.begun = performance.now();
    try {
      for (let more = true; more && !this.stopped;) {
        const epoch = this.writer.epochHeld;
        if (epoch === undefined) return;
        ({ more } = await this.builder.round(epoch));
      }
    } catch (error) {
      // The writer sees by itself that it has been overtaken.
      if (!(error instanceof Overtaken)) this.logger.warn('tree.not_grown', { error });
    }
  }
}
