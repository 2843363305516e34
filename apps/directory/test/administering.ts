import { expect } from '@jest/globals';
import {
  applyDirectoryConfiguration,
  problem,
  showId,
  type AccountId,
  type DeclaredTenant,
  type TenantId,
} from '@signet/contracts';
import { aDeclaredClient, aDeclaredTenant, aPlan } from './declarations.js';
import { httpOf, type Answer, type Asked, type HttpOf } from './http-of.js';
import { recordedEvents, type Leaf } from './recorded-events.js';
import { runDirectory, type CheckedToken, type RunningDirectory } from './running-directory.js';

export interface AdministeredTenant {
  readonly slug: string;
  readonly id: TenantId;
  readonly accounts: ReadonlyMap<string, AccountId>;
  /** A token of its client `console`, which may do everything. */
  readonly bearer: string;
}

type Live = Extract<CheckedToken, { outcome: 'live' }>;

/** A running directory, whose tenants are administered over HTTP. */
export class Administering {
  #next = 0;

  private constructor(
    readonly on: RunningDirectory,
    readonly http: HttpOf,
  ) {}

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Administering> {
    const on = await runDirectory({ SIGNET_RATE_LIMITS: 'off', ...environment });
    return new Administering(on, await httpOf(on));
  }

  async stop(): Promise<void> {
    await this.http.stop();
    await this.on.stop();
  }

  /** A new tenant with a console, and with what is declared. */
  async tenant(declared: Partial<DeclaredTenant> = {}): Promise<AdministeredTenant> {
    const slug = declared.slug ?? `a${++this.#next}`;
    const issuer = slug === 'default' ? 'https://id.acme.example' : `https://id.acme.example/t/${slug}`;
    const console = aDeclaredClient({ clientId: 'console', roles: ['signet:administrator'] });
    const { clients = [], ...others } = declared;
    const plan = aPlan(
      aDeclaredTenant({ groups: [], users: [], ...others, ...{ slug, issuer, clients: [console, ...clients] } }),
    );
    const [applied] = (await this.on.requester.request(applyDirectoryConfiguration, plan)).tenants;
    if (!applied) throw new Error('no tenant');
    const accounts = new Map(applied.users.map(({ username, accountId }) => [username, accountId]));
    const tenant = { slug, id: applied.tenantId, accounts, bearer: `console-of-${slug}` };
    this.know(tenant.bearer, tenant);
    return tenant;
  }

  /** Lets token know a token. */
  know(bearer: string, { id, slug }: Pick<AdministeredTenant, 'id' | 'slug'>, changed: Partial<Live> = {}): string {
    const issuer = slug === 'default' ? 'https://id.acme.example' : `https://id.acme.example/t/${slug}`;
    this.on.token.accessTokens.set(bearer, {
      ...{ outcome: 'live', tenant: { id, slug, issuer }, clientId: 'console', accountId: null },
      ...{ scopes: ['signet:admin'], audience: ['urn:signet:management'] },
      ...changed,
    });
    return bearer;
  }

  /** A token of an account, by any client. */
  as(tenant: AdministeredTenant, username: string): string {
    const accountId = tenant.accounts.get(username);
    if (!accountId) throw new Error(`there is no ${username}`);
    return this.know(`${username}-of-${tenant.slug}`, tenant, { accountId });
  }

  ask(bearer: string, method: string, path: string, body?: unknown, more: Asked = {}): Promise<Answer> {
    return this.http.ask(method, `/admin/v1${path}`, { bearer, ...(body !== undefined && { body }), ...more });
  }

  /** The body of an answer that is a success. */
  async done(bearer: string, method: string, path: string, body?: unknown): Promise<Made> {
    const answer = await this.ask(bearer, method, path, body);
    expect(answer).toMatchObject({ status: method === 'POST' ? 201 : method === 'DELETE' ? 204 : 200 });
    return answer.body as Made;
  }

  eventsOf(tenant: AdministeredTenant, aggregates = '%'): Promise<Leaf[]> {
    return recordedEvents(this.on, tenant.id, aggregates);
  }
}

export interface Made {
  readonly id: string;
  readonly version: number;
  readonly [member: string]: unknown;
}

export const shownAccount = (tenant: AdministeredTenant, username: string): string =>
  showId('acc', tenant.accounts.get(username) ?? '');

/** Status and code of a problem; its pointers where it has some. */
export function problemOf({ status, headers, body }: Answer): unknown[] {
  expect(headers.get('content-type')).toBe('application/problem+json');
  const told = problem.parse(typeof body === 'string' ? JSON.parse(body) : body);
  expect(told.status).toBe(status);
  const at = (told.errors ?? []).map(({ pointer, parameter }) => pointer ?? parameter);
  return [status, told.type.replace('urn:signet:problem:', ''), ...at];
}
