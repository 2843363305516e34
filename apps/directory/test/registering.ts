import { expect } from '@jest/globals';
import {
  applyDirectoryConfiguration,
  type DeclaredTenant,
  type RegistrationPolicy,
  type TenantId,
} from '@signet/contracts';
import { z } from 'zod';
import { aDeclaredTenant, aPlan } from './declarations.js';
import { httpOf, type Answer, type HttpOf } from './http-of.js';
import { recordedEvents, type Leaf } from './recorded-events.js';
import { runDirectory, type RunningDirectory } from './running-directory.js';

export const registered = z.looseObject({
  client_id: z.string(),
  client_secret: z.string().optional(),
  registration_access_token: z.string(),
  registration_client_uri: z.string(),
  client_id_issued_at: z.int(),
});
export const metadata = { redirect_uris: ['https://shop.example/cb'], client_name: 'Shop' };
export const errorOf = ({ status, body }: Answer) => [status, (body as { error?: string }).error];

export interface RegisteringTenant {
  readonly slug: string;
  readonly tenant: TenantId;
}

/** A running directory, and clients that register at a tenant of it. */
export class Registering {
  #next = 0;
  /** Where `register` does it. */
  at: RegisteringTenant = { slug: 'nobody', tenant: '' as TenantId };

  private constructor(
    readonly on: RunningDirectory,
    readonly http: HttpOf,
  ) {}

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Registering> {
    const on = await runDirectory(environment);
    return new Registering(on, await httpOf(on));
  }

  async stop(): Promise<void> {
    await this.http.stop();
    await this.on.stop();
  }

  /** Registers at a new tenant from now on. */
  async use(registration: RegistrationPolicy | undefined): Promise<void> {
    this.at = await this.tenant(registration);
  }

  async tenant(registration: RegistrationPolicy | undefined): Promise<RegisteringTenant> {
    const slug = `r${++this.#next}`;
    return { slug, tenant: await this.declare(slug, registration) };
  }

  /** Applies a tenant's configuration, with these clients. */
  async declare(
    slug: string,
    registration: RegistrationPolicy | undefined,
    clients: DeclaredTenant['clients'] = [],
  ): Promise<TenantId> {
    const { policies, scopes } = aDeclaredTenant();
    const declared: DeclaredTenant = aDeclaredTenant({
      ...{ slug, issuer: `https://id.acme.example/t/${slug}`, clients, users: [] },
      policies: { ...policies, ...(registration && { registration }) },
      scopes: [...scopes, { name: 'profile', description: '' }, { name: 'offline_access', description: '' }],
    });
    const { tenants } = await this.on.requester.request(applyDirectoryConfiguration, aPlan(declared));
    const [applied] = tenants;
    if (!applied) throw new Error('no tenant');
    return applied.tenantId;
  }

  register(body: unknown = metadata, options: { bearer?: string; type?: string } = {}): Promise<Answer> {
    return this.http.ask('POST', `/register/t/${this.at.slug}`, { body, ...options });
  }

  /** A client that is registered, with where and how it manages that. */
  async client(body: unknown = metadata) {
    const answer = await this.register(body);
    expect(answer).toMatchObject({ status: 201 });
    const client = registered.parse(answer.body);
    return { client, path: new URL(client.registration_client_uri).pathname, bearer: client.registration_access_token };
  }

  eventsOf(aggregates: string): Promise<Leaf[]> {
    return recordedEvents(this.on, this.at.tenant, aggregates);
  }
}
