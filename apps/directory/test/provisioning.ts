import { expect } from '@jest/globals';
import { applyDirectoryConfiguration, type AccountId, type DeclaredTenant, type TenantId } from '@signet/contracts';
import { z } from 'zod';
import { aDeclaredClient, aDeclaredTenant, aPlan } from './declarations.js';
import { httpOf, type Answer, type HttpOf } from './http-of.js';
import { recordedEvents, type Leaf } from './recorded-events.js';
import { runDirectory, type RunningDirectory } from './running-directory.js';

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export const patchOf = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

/** The status of an answer and what kind of error it tells. */
export function errorOf({ status, body }: Answer): unknown[] {
  const error = z
    .object({ schemas: z.array(z.string()), status: z.string(), scimType: z.string().optional() })
    .parse(body);
  expect(error).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status) });
  return [status, error.scimType];
}

const resource = z.looseObject({ id: z.string(), meta: z.looseObject({ location: z.string(), version: z.string() }) });
export type Provisioned = z.infer<typeof resource>;

const issuerOf = (slug: string): string => `https://id.acme.example/t/${slug}`;

export interface ProvisionedTenant {
  readonly slug: string;
  readonly id: TenantId;
  readonly users: readonly { readonly username: string; readonly accountId: AccountId }[];
  /** A token of its provisioning client. */
  readonly bearer: string;
}

/** A running directory, and a provisioning client of a tenant of it. */
export class Provisioning {
  #next = 0;
  /** Where it provisions. */
  at: ProvisionedTenant = { slug: 'nobody', id: '' as TenantId, users: [], bearer: '' };

  private constructor(
    readonly on: RunningDirectory,
    readonly http: HttpOf,
  ) {}

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Provisioning> {
    const on = await runDirectory({ SIGNET_RATE_LIMITS: 'off', ...environment });
    return new Provisioning(on, await httpOf(on));
  }

  async stop(): Promise<void> {
    await this.http.stop();
    await this.on.stop();
  }

  /** Provisions a new tenant from now on, which has no accounts and groups but those declared. */
  async use(declared: Partial<DeclaredTenant> = {}): Promise<ProvisionedTenant> {
    this.at = await this.tenant(declared);
    return this.at;
  }

  async tenant(declared: Partial<DeclaredTenant> = {}): Promise<ProvisionedTenant> {
    const slug = `s${++this.#next}`;
    const { tenantId, users } = await this.declare(slug, declared);
    const tenant = { slug, id: tenantId, users, bearer: `provisioner of ${slug}` };
    const issuer = issuerOf(slug);
    this.know(tenant.bearer, { slug, issuer, id: tenant.id }, {});
    return tenant;
  }

  /** Applies a configuration of the tenant, with a client that may provision it. */
  async declare(slug: string, declared: Partial<DeclaredTenant>) {
    const clients = [aDeclaredClient({ clientId: 'provisioner', roles: ['signet:provisioner'] })];
    const tenant = aDeclaredTenant({ slug, issuer: issuerOf(slug), groups: [], users: [], clients, ...declared });
    const [applied] = (await this.on.requester.request(applyDirectoryConfiguration, aPlan(tenant))).tenants;
    if (!applied) throw new Error('no tenant');
    return applied;
  }

  /** Lets token know a token. */
  know(
    bearer: string,
    tenant: { id: TenantId; slug: string; issuer: string },
    {
      clientId = 'provisioner',
      accountId = null,
      scopes = ['signet:scim'],
      audience = ['urn:signet:management'],
    }: {
      clientId?: string;
      accountId?: AccountId | null;
      scopes?: string[];
      audience?: string[];
    },
  ): void {
    this.on.token.accessTokens.set(bearer.replaceAll(' ', '_'), {
      ...{ outcome: 'live', tenant, clientId, accountId, scopes, audience },
    });
  }

  ask(
    method: string,
    path: string,
    body?: unknown,
    { bearer = this.at.bearer, headers = {} }: { bearer?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const sent = { body, type: 'application/scim+json', headers, bearer: bearer.replaceAll(' ', '_') };
    return this.http.ask(
      method,
      `/scim/v2/t/${this.at.slug}${path}`,
      body === undefined ? { bearer: sent.bearer, headers } : sent,
    );
  }

  /** A resource that a request gives. */
  async done(method: string, path: string, body?: unknown): Promise<Provisioned> {
    const answer = await this.ask(method, path, body);
    expect(answer).toMatchObject({ status: method === 'POST' ? 201 : 200 });
    return resource.parse(answer.body);
  }

  user(members: object = {}): Promise<Provisioned> {
    return this.done('POST', '/Users', { schemas: [userUrn], userName: `user-${++this.#next}`, ...members });
  }

  group(members: object = {}): Promise<Provisioned> {
    return this.done('POST', '/Groups', { schemas: [groupUrn], displayName: `Group ${++this.#next}`, ...members });
  }

  async list(path: string, filter: string, more = ''): Promise<{ total: number; ids: string[] }> {
    const answer = await this.ask('GET', `${path}?filter=${encodeURIComponent(filter)}${more}`);
    expect(answer).toMatchObject({ status: 200 });
    const { totalResults, Resources } = z
      .object({ totalResults: z.int(), Resources: z.array(z.object({ id: z.string() })) })
      .parse(answer.body);
    return { total: totalResults, ids: Resources.map(({ id }) => id) };
  }

  eventsOf(aggregates = '%'): Promise<Leaf[]> {
    return recordedEvents(this.on, this.at.id, aggregates);
  }
}
