import { applyDirectoryConfiguration, type DeclaredTenant } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { aDeclaredTenant, aPlan } from './declarations.js';
import { runDirectory, type RunningDirectory } from './running-directory.js';

/** A running directory, and configurations that are applied to one tenant of it. */
export class Applying {
  #next = 0;
  own: Pick<DeclaredTenant, 'slug' | 'issuer'> = this.#tenant();

  private constructor(readonly on: RunningDirectory) {}

  static async start(): Promise<Applying> {
    return new Applying(await runDirectory());
  }

  stop(): Promise<void> {
    return this.on.stop();
  }

  /** Applies to a new tenant from now on, and token has taken nothing yet. */
  startAnew(): void {
    this.own = this.#tenant();
    this.on.token.floors.length = 0;
    this.on.token.away = false;
  }

  apply(changed: Partial<DeclaredTenant> = {}) {
    const plan = aPlan(aDeclaredTenant({ ...this.own, ...changed }));
    return this.on.requester.request(applyDirectoryConfiguration, plan);
  }

  /** The tenant as the answer has it, with how much was changed. */
  async applied(changed: Partial<DeclaredTenant> = {}) {
    const response = await this.apply(changed);
    const [tenant] = response.tenants;
    if (!tenant) throw new Error('no tenant');
    return { ...tenant, changes: response.changes };
  }

  /** How often each statement has been sent, by its name; less those that run by themselves. */
  async statements(): Promise<ReadonlyMap<string, number>> {
    const metric = await this.on.service.metrics.getSingleMetric('signet_database_statements_total')?.get();
    const sent = metric?.values.map(({ labels, value }) => [String(labels['statement']), value] as const) ?? [];
    return new Map(sent.filter(([name]) => !background.test(name)));
  }

  #tenant() {
    const slug = `t${++this.#next}`;
    return { slug, issuer: `https://id.acme.example/t/${slug}` };
  }
}

const background = /^directory\.(?:unforgotten\.|account\.find-due$)/;

export async function failure(promise: Promise<unknown>): Promise<MeshError> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => {
      if (error instanceof MeshError) return error;
      throw error;
    },
  );
}
