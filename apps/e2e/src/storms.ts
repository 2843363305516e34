import { readFileSync } from 'node:fs';
import type { ServiceName } from '@signet/contracts';
import type { OwnDatabase } from './plane-database.js';
import type { Part, Plane } from './plane.js';
import { until } from './programs.js';

/**
 * Points that the work passes at each service, at which a process ends of itself. Of token there are two, of which one publishes: the points of
 * publishing are those of services that are alone.
 */
const failpoints: Readonly<Record<ServiceName, readonly string[]>> = {
  authn: ['before-publish', 'after-publish'],
  token: [
    'before-commit:token.code.redeem',
    'after-commit:token.family.rotate',
    'after-commit:token.status-entry.record-many',
    'before-respond:signet.rpc.token.v1.grant.issue',
  ],
  session: ['before-commit:session.session.begin', 'after-commit:session.session.begin', 'after-publish'],
  directory: [
    ...['before-commit', 'after-commit'].map((at) => `${at}:persistence.transaction.end`),
    ...['before-raise:directory', 'after-raise:directory', 'after-publish'],
  ],
  audit: [
    ...['before-commit', 'after-commit'].map((at) => `${at}:persistence.transaction.end`),
    ...['before-confirm:audit', 'after-confirm:audit'],
  ],
};

/** What befalls a plane; each resolves when everything runs again. */
export class Storms {
  constructor(
    private readonly plane: Plane,
    private readonly postgres: OwnDatabase,
    private readonly random: () => number,
  ) {}

  /** Some storm, by chance; gives what it was. */
  async any(): Promise<string> {
    const drawn = this.random();
    if (drawn < 0.4) return this.kill();
    if (drawn < 0.75) return this.failpoint();
    return drawn < 0.9 ? this.nats() : this.database();
  }

  async kill(part = this.#pick(this.plane.parts)): Promise<string> {
    part.program.signal('SIGKILL');
    await part.program.exited;
    await part.start();
    return `${part.name} was killed`;
  }

  /** A process ends where it gets to; the load goes on, so that it does. */
  async failpoint(part = this.#pick(this.plane.parts)): Promise<string> {
    const [service] = part.services;
    if (service === undefined) throw new TypeError(`${part.name} runs nothing`);
    const name = this.#pick(failpoints[service]);
    part.dieAt(name);
    await until(`${part.name} to die at ${name}`, () => Promise.resolve(!part.program.running || undefined), 60).catch(
      (error: unknown) => {
        throw new Error(readFileSync(part.program.log, 'utf8').slice(-4_000), { cause: error });
      },
    );
    await part.start();
    return `${part.name} died at ${name}`;
  }

  async nats({ wipe = false } = {}): Promise<string> {
    await this.plane.restartNats({ wipe });
    return wipe ? 'NATS lost all that it had' : 'NATS was restarted';
  }

  async database(): Promise<string> {
    await this.postgres.halt();
    await this.postgres.startAgain();
    return 'Postgres was restarted';
  }

  /** Starts what a storm, or what came after it, left dead. */
  async calm(): Promise<void> {
    const dead = this.plane.parts.filter(({ program }: Part) => !program.running);
    await Promise.all(dead.map((part) => part.start()));
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }
}
