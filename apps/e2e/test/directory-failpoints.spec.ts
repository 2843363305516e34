import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Administrator,
  AuditLog,
  configurationFile,
  consoleClient,
  Plane,
  until,
  type Answered,
} from '../src/index.js';

const admin = '/admin/v1';
const scim = '/scim/v2';
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const configuration = {
  tenants: [
    {
      ...{ slug: 'default', name: 'Signet' },
      roles: [{ name: 'reader' }],
      clients: [consoleClient],
    },
  ],
};

interface Write {
  /** The route, as the failpoint names it. */
  readonly route: string;
  /** It takes a right away: its floors are raised before it is answered. */
  readonly raises: boolean;
  /** What commits it, where that is no transaction of several statements. */
  readonly statement?: string;
  /** Makes what is to be written to; gives how. The same is done again after the kill. */
  prepare(by: Administrator): Promise<Attempt>;
}

interface Attempt {
  perform(): Promise<Answered>;
  /** What a repeat may be answered with, whether the first one was committed or not. */
  readonly clean: readonly number[];
  /** What is so after it. */
  standing(): Promise<void>;
}

const made = async (answer: Promise<Answered>): Promise<string> => {
  const { status, body } = await answer;
  if (status !== 201) throw new Error(`not made: ${status} ${JSON.stringify(body)}`);
  return String(body?.['id'] ?? body?.['client_id']);
};
const name = (kind: string) => `${kind}-${randomUUID().slice(0, 8)}`;
const countOf = (body: Answered['body']): number => (body?.['items'] as unknown[] | undefined)?.length ?? -1;

const writes: Readonly<Record<string, Write>> = {
  'an account is created, under an Idempotency-Key': {
    ...{ route: `${admin}/accounts`, raises: false },
    prepare: (by) => {
      const username = name('person');
      const headers = { 'Idempotency-Key': randomUUID() };
      return Promise.resolve({
        perform: () => by.ask('POST', `${admin}/accounts`, { username, roles: ['reader'] }, headers),
        clean: [201],
        standing: async () => {
          const { body } = await by.ask('GET', `${admin}/accounts?username=${username}`);
          expect(countOf(body)).toBe(1);
        },
      });
    },
  },
  'an account is disabled': {
    ...{ route: `${admin}/accounts/:account_id`, raises: true },
    prepare: async (by) => {
      const id = await made(by.ask('POST', `${admin}/accounts`, { username: name('person') }));
      return {
        perform: () => by.ask('PATCH', `${admin}/accounts/${id}`, { enabled: false }),
        clean: [200],
        standing: async () => {
          expect((await by.ask('GET', `${admin}/accounts/${id}`)).body).toMatchObject({ enabled: false, version: 2 });
        },
      };
    },
  },
  'the roles of a group change': {
    ...{ route: `${admin}/groups/:group_id`, raises: true },
    prepare: async (by) => {
      const id = await made(by.ask('POST', `${admin}/groups`, { name: name('group') }));
      return {
        perform: () => by.ask('PATCH', `${admin}/groups/${id}`, { roles: ['reader'] }),
        clean: [200],
        standing: async () => {
          const { body } = await by.ask('GET', `${admin}/groups/${id}`);
          expect(body).toMatchObject({ roles: ['reader'], version: 2 });
        },
      };
    },
  },
  'a client is deleted': {
    ...{ route: `${admin}/clients/:client_id`, raises: true },
    prepare: async (by) => {
      const id = name('client');
      const redirects = { redirect_uris: ['https://app.example/callback'] };
      await made(by.ask('POST', `${admin}/clients`, { client_id: id, ...redirects }));
      return {
        perform: () => by.ask('DELETE', `${admin}/clients/${id}`),
        clean: [204, 404],
        standing: async () => {
          expect((await by.ask('GET', `${admin}/clients/${id}`)).status).toBe(404);
        },
      };
    },
  },
  'a user is provisioned': {
    ...{ route: `${scim}/Users`, raises: false, statement: 'directory.scim-user.insert' },
    prepare: (by) => {
      const userName = name('user');
      return Promise.resolve({
        perform: () => by.ask('POST', `${scim}/Users`, { schemas: [userSchema], userName }),
        clean: [201, 409],
        standing: async () => {
          const filter = encodeURIComponent(`userName eq "${userName}"`);
          expect((await by.ask('GET', `${scim}/Users?filter=${filter}`)).body).toMatchObject({ totalResults: 1 });
        },
      });
    },
  },
  'a user is deactivated': {
    ...{ route: `${scim}/Users/:id`, raises: true },
    prepare: async (by) => {
      const id = await made(by.ask('POST', `${scim}/Users`, { schemas: [userSchema], userName: name('user') }));
      const Operations = [{ op: 'replace', path: 'active', value: false }];
      return {
        perform: () => by.ask('PATCH', `${scim}/Users/${id}`, { schemas: [patchSchema], Operations }),
        clean: [200, 204],
        standing: async () => {
          expect((await by.ask('GET', `${scim}/Users/${id}`)).body).toMatchObject({ active: false });
        },
      };
    },
  },
  'a user is deprovisioned': {
    ...{ route: `${scim}/Users/:id`, raises: true },
    prepare: async (by) => {
      const id = await made(by.ask('POST', `${scim}/Users`, { schemas: [userSchema], userName: name('user') }));
      return {
        perform: () => by.ask('DELETE', `${scim}/Users/${id}`),
        clean: [204, 404],
        standing: async () => {
          expect((await by.ask('GET', `${scim}/Users/${id}`)).status).toBe(404);
        },
      };
    },
  },
  'a role is created': {
    ...{ route: `${admin}/roles`, raises: false },
    prepare: (by) => {
      const role = name('role');
      return Promise.resolve({
        perform: () => by.ask('POST', `${admin}/roles`, { name: role }),
        clean: [201, 409],
        standing: async () => {
          expect(countOf((await by.ask('GET', `${admin}/roles?name=${role}`)).body)).toBe(1);
        },
      });
    },
  },
  'a tenant is created': {
    ...{ route: `${admin}/tenants`, raises: false },
    prepare: (by) => {
      const slug = name('tenant');
      return Promise.resolve({
        perform: () => by.ask('POST', `${admin}/tenants`, { slug, name: slug }),
        clean: [201, 409],
        standing: async () => {
          expect(countOf((await by.ask('GET', `${admin}/tenants?slug=${slug}`)).body)).toBe(1);
        },
      });
    },
  },
  'a resource server gets permissions': {
    ...{ route: `${admin}/resource-servers/:resource_server_id`, raises: false },
    prepare: async (by) => {
      const identifier = `https://${name('api')}.example`;
      const id = await made(by.ask('POST', `${admin}/resource-servers`, { identifier, name: 'API' }));
      const permissions = [{ name: 'read', description: '' }];
      return {
        perform: () => by.ask('PATCH', `${admin}/resource-servers/${id}`, { permissions }),
        clean: [200],
        standing: async () => {
          const { body } = await by.ask('GET', `${admin}/resource-servers/${id}`);
          expect(body).toMatchObject({ permissions, version: 2 });
        },
      };
    },
  },
  'a scope is deleted': {
    ...{ route: `${admin}/scopes/:scope_id`, raises: false },
    prepare: async (by) => {
      const id = await made(by.ask('POST', `${admin}/scopes`, { name: name('scope'), description: 'Scope' }));
      return {
        perform: () => by.ask('DELETE', `${admin}/scopes/${id}`),
        clean: [204, 404],
        standing: async () => {
          expect((await by.ask('GET', `${admin}/scopes/${id}`)).status).toBe(404);
        },
      };
    },
  },
  'an account becomes a member of an organisation': {
    ...{ route: `${admin}/organisations/:organisation_id/members/:account_id`, raises: true },
    prepare: async (by) => {
      const organisation = await made(by.ask('POST', `${admin}/organisations`, { name: name('org') }));
      const account = await made(by.ask('POST', `${admin}/accounts`, { username: name('person') }));
      const members = `${admin}/organisations/${organisation}/members`;
      return {
        perform: () => by.ask('PUT', `${members}/${account}`, { roles: ['reader'] }),
        clean: [200],
        standing: async () => {
          const { body } = await by.ask('GET', members);
          expect(body?.['items']).toMatchObject([{ account_id: account, roles: ['reader'] }]);
        },
      };
    },
  },
  "a client's secret is replaced": {
    ...{ route: `${admin}/clients/:client_id/secret`, raises: true },
    prepare: async (by) => {
      const id = name('client');
      const redirects = { redirect_uris: ['https://app.example/callback'] };
      await made(by.ask('POST', `${admin}/clients`, { client_id: id, ...redirects }));
      return {
        perform: () => by.ask('POST', `${admin}/clients/${id}/secret`, {}),
        clean: [201],
        standing: async () => {
          expect((await by.ask('GET', `${admin}/clients/${id}`)).body).toMatchObject({ secrets: 2 });
        },
      };
    },
  },
  'a user is put into a group': {
    ...{ route: `${scim}/Groups/:id`, raises: true },
    prepare: async (by) => {
      const user = await made(by.ask('POST', `${scim}/Users`, { schemas: [userSchema], userName: name('user') }));
      const group = await made(
        by.ask('POST', `${scim}/Groups`, { schemas: [groupSchema], displayName: name('group') }),
      );
      const Operations = [{ op: 'add', path: 'members', value: [{ value: user }] }];
      return {
        perform: () => by.ask('PATCH', `${scim}/Groups/${group}`, { schemas: [patchSchema], Operations }),
        clean: [200, 204],
        standing: async () => {
          const { body } = await by.ask('GET', `${scim}/Groups/${group}`);
          expect(body?.['members']).toMatchObject([{ value: user }]);
        },
      };
    },
  },
};

const end = 'persistence.transaction.end';
const failpointsOf = ({ route, raises, statement = end }: Write): string[] => [
  ...[`before-commit:${statement}`, `after-commit:${statement}`],
  ...(raises ? ['before-raise:directory', 'after-raise:directory'] : []),
  `before-respond:${route}`,
];
const walk = Object.entries(writes).flatMap(([what, write]) => failpointsOf(write).map((at) => [what, at] as const));

describe('the directory, killed at a failpoint', () => {
  let plane: Plane;
  let by: Administrator;

  beforeAll(async () => {
    plane = await Plane.start({
      ...{ form: 'five processes', failpoints: true },
      configuration: configurationFile(configuration),
    });
    by = new Administrator(plane.issuer, `${plane.issuer}/token`);
  }, 120_000);
  afterAll(() => plane.stop());

  it.each(walk)(
    'when %s, at %s: a repeat succeeds, and it is done once',
    async (what, failpoint) => {
      const write = writes[what];
      if (!write) throw new Error(what);
      const part = plane.part('directory');
      const attempt = await write.prepare(by);
      part.dieAt(failpoint);

      const first = part.program.running ? await attempt.perform().catch(() => undefined) : undefined;
      await until('the process to die', () => Promise.resolve(!part.program.running || undefined));
      await part.start();

      // 503 says that nothing is known to have gone wrong, and to repeat it: so does a client.
      const again = await until('an answer that is not 503', async () => {
        const answer = await attempt.perform();
        return answer.status === 503 ? undefined : answer;
      });
      expect(attempt.clean).toContain(again.status);
      await attempt.standing();
      // Nobody was told of a success by a process that died before it had answered.
      if (failpoint.startsWith('before-respond')) expect(first?.status ?? 503).toBeGreaterThanOrEqual(500);
    },
    90_000,
  );

  it('lost no committed event, after all of them', async () => {
    const log = new AuditLog(plane);
    await log.settled();
    const versions = new Map<string, number[]>();
    for (const { aggregate, version } of await log.entries()) {
      if (!/ (?:account|client|group):/.test(aggregate)) continue;
      versions.set(aggregate, [...(versions.get(aggregate) ?? []), version]);
    }
    expect(versions.size).toBeGreaterThan(walk.length / 2);
    for (const told of versions.values()) expect(told).toEqual(told.map((_, index) => index + 1));
  }, 90_000);
});
