import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  checkAccessToken,
  findAuthority,
  findTenant,
  listTenants,
  type HeldPermission,
  type ManagementPermission,
  type Tenant,
  type TenantId,
  type TenantPolicies,
} from '@signet/contracts';
import { connectNats } from '@signet/messaging';
import { aTenant } from '@signet/testing';
import type { z } from 'zod';
import type { Replica, RunningAudit } from './running-audit.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

type Checked = z.input<typeof checkAccessToken.response>;

const unknownToken: Checked = {
  ...{ outcome: 'refused', tenantId: null, status: 401, error: 'invalid_token', errorDescription: 'It is not valid' },
  ...{ headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' }, reason: 'unknown' },
};

/** Audit over HTTP, with tenants, tokens and permissions as a test gives them: token and directory beside it are the test's. */
export class AuditedTenants {
  readonly #tokens = new Map<string, Checked>();
  readonly #held = new Map<string, readonly HeldPermission[]>();
  readonly #slugs = new Map<string, TenantId>();
  readonly #policies = new Map<TenantId, Partial<TenantPolicies>>();
  readonly #servers: Server[] = [];

  private constructor(private readonly connection: Awaited<ReturnType<typeof connectNats>>) {}

  static async of(on: RunningAudit): Promise<AuditedTenants> {
    const connection = await connectNats({ url: on.natsUrl, service: 'test', name: 'token and directory' });
    const tenants = new AuditedTenants(connection);
    tenants.#serve();
    tenants.tenant('default', on.tenant);
    await connection.flush();
    return tenants;
  }

  tenant(slug: string, id: TenantId): void {
    this.#slugs.set(slug, id);
  }

  /** Beside those of any tenant. */
  policies(id: TenantId, policies: Partial<TenantPolicies>): void {
    this.#policies.set(id, policies);
  }

  /** A token of a client of the tenant, with these permissions. */
  token(slug: string, permissions: readonly ManagementPermission[], bearer = `token-${this.#tokens.size}`): string {
    const id = this.#slugs.get(slug);
    if (!id) throw new Error(slug);
    this.#tokens.set(bearer, {
      ...{ outcome: 'live', tenant: { id, slug, issuer: `https://id.acme.example/t/${slug}` }, clientId: bearer },
      ...{ accountId: null, scopes: ['signet:admin'], audience: ['urn:signet:management'] },
    });
    this.#held.set(
      bearer,
      permissions.map((name) => ({ name, organisationId: null })),
    );
    return bearer;
  }

  /** The token is good no more. */
  revoke(bearer: string): void {
    this.#tokens.delete(bearer);
  }

  /** The origin of a replica, as its process's listener would have it. */
  async at({ service }: Pick<Replica, 'service'>): Promise<string> {
    const server = createServer((request, response) => {
      service.handle(request, response);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async ask(bearer: string, method: string, url: string, body?: unknown, headers = {}): Promise<Answer> {
    const answer = await fetch(url, {
      method,
      headers: {
        Authorization: `Bearer ${bearer}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
    };
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await this.connection.close();
  }

  #tenantOf([slug, id]: readonly [string, TenantId]): Tenant {
    const tenant = aTenant({ slug, id });
    return { ...tenant, policies: { ...tenant.policies, ...this.#policies.get(id) } };
  }

  #serve(): void {
    const { connection } = this;
    connection.subscribe(checkAccessToken.subject, {
      callback: (_, message) => {
        const { token } = checkAccessToken.request.parse(message.json());
        message.respond(JSON.stringify(this.#tokens.get(token) ?? unknownToken));
      },
    });
    connection.subscribe(findAuthority.subject, {
      callback: (_, message) => {
        const asked = findAuthority.request.parse(message.json());
        const permissions = this.#held.get('clientId' in asked ? asked.clientId : '') ?? [];
        message.respond(JSON.stringify({ permissions }));
      },
    });
    connection.subscribe(findTenant.subject, {
      callback: (_, message) => {
        const asked = findTenant.request.parse(message.json());
        const found = [...this.#slugs].find(([slug, id]) =>
          'slug' in asked ? slug === asked.slug : id === asked.tenantId,
        );
        if (found) message.respond(JSON.stringify(this.#tenantOf(found)));
      },
    });
    connection.subscribe(listTenants.subject, {
      callback: (_, message) => {
        const { after = '', limit } = listTenants.request.parse(message.json());
        const all = [...this.#slugs].map((known) => this.#tenantOf(known)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const tenants = all.filter(({ id }) => id > after).slice(0, limit);
        message.respond(JSON.stringify({ tenants }));
      },
    });
  }
}
