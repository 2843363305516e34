import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  codeClient,
  endpoint,
  Plane,
  RawClient,
  secrets,
  tenants,
  twinTenants,
  until,
  type TenantSlug,
} from '../src/index.js';

const secret = 'console-secret-1';
const administrator = {
  ...{ client_id: 'console', client_secret: secret, grant_types: ['client_credentials'], scope: 'signet:admin' },
  roles: ['signet:administrator'],
};

/** It wants to be told of logouts where nobody can be. */
const unreachable = 'unreachable';
const told = codeClient(unreachable, {
  client_secret: secrets.demo,
  backchannel_logout_uri: 'https://localhost/logout',
});

const schema = z.record(z.string(), z.unknown());
const operation = z.looseObject({
  operationId: z.string(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.object({ schema })).optional() })),
});
const description = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
});

interface Described {
  readonly method: string;
  readonly path: string;
  readonly responses: z.infer<typeof operation>['responses'];
}

let plane: Plane;
let served: z.infer<typeof description>;
const operations = new Map<string, Described>();
const tokens = new Map<TenantSlug, string>();
const called = new Set<string>();

beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants([administrator, told]) });
  for (const slug of tenants) {
    const answer = await fetch(endpoint(plane.issuer, slug, '/token'), {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`console:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'signet:admin' }),
    });
    tokens.set(slug, z.object({ access_token: z.string() }).parse(await answer.json()).access_token);
  }
  served = description.parse(await (await fetch(`${plane.issuer}/admin/v1/openapi.json`)).json());
  for (const [path, methods] of Object.entries(served.paths)) {
    for (const [method, { operationId, responses }] of Object.entries(methods)) {
      operations.set(operationId, { path, method: method.toUpperCase(), responses });
    }
  }
}, 90_000);
afterAll(() => plane.stop());

/** What a schema of the description says, as a validator. */
function validatorOf(of: z.infer<typeof schema>): z.ZodType {
  const text = JSON.stringify({ ...of, $defs: served.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as never);
}

interface Asked {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly slug?: TenantSlug;
}

interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls an operation as it is described, and holds the answer against the description. */
async function call(id: string, { parameters = {}, body, slug = 'default' }: Asked = {}): Promise<Answered> {
  const described = operations.get(id);
  if (!described) throw new Error(`${id} is not described`);
  const filled = described.path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) =>
    encodeURIComponent(parameters[name] ?? 'nobody'),
  );
  const answer = await fetch(`${plane.issuer}/admin/v1${filled}`, {
    method: described.method,
    headers: {
      Authorization: `Bearer ${tokens.get(slug) ?? ''}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const response = described.responses[String(answer.status)];
  expect([id, answer.status, response === undefined ? text : 'described']).toEqual([id, answer.status, 'described']);
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const content = response?.content?.[type];
  const value = (text === '' ? {} : JSON.parse(text)) as Answered['body'];
  if (response?.content)
    expect([id, validatorOf(content?.schema ?? {}).safeParse(value).error]).toEqual([id, undefined]);
  else expect([id, text]).toEqual([id, '']);
  if (answer.ok) called.add(id);
  return { status: answer.status, body: value };
}

const done = async (id: string, asked?: Asked): Promise<Readonly<Record<string, unknown>>> => {
  const { status, body } = await call(id, asked);
  expect([id, status < 300 ? 'done' : body]).toEqual([id, 'done']);
  return body;
};

/** Of the operations that take no empty one. */
const bodies: Readonly<Record<string, object>> = {
  setPassword: { password: 'a password of mine' },
  replayWebhook: { from: { position: 0 } },
};

describe('the described Management API', () => {
  it('does each of its operations as it says', async () => {
    const collections: [string, string, string, object, object][] = [
      ['Tenant', 'Tenants', 'tenant_id', { slug: 'initech', name: 'Initech' }, { name: 'Initech Inc.' }],
      ['Role', 'Roles', 'role_id', { name: 'reader' }, { description: 'Reads' }],
      [
        ...(['ResourceServer', 'ResourceServers', 'resource_server_id'] as const),
        { identifier: 'https://new.example', name: 'New', permissions: [{ name: 'see' }] },
        { name: 'Newer' },
      ],
      ['Scope', 'Scopes', 'scope_id', { name: 'new:read', description: 'Read' }, { description: 'Read all' }],
      ['Organisation', 'Organisations', 'organisation_id', { name: 'paris' }, { display_name: 'Paris' }],
      ['Group', 'Groups', 'group_id', { name: 'crew' }, { display_name: 'The crew' }],
      ['Account', 'Accounts', 'account_id', { username: 'bob' }, { email: 'bob@new.example' }],
      [
        ...(['Client', 'Clients', 'client_id'] as const),
        { redirect_uris: ['https://new.example/cb'], 'client_name#fr': 'Nouveau' },
        { client_name: 'Newer' },
      ],
    ];
    const made: Record<string, string> = {};
    for (const [one, many, parameter, create, patch] of collections) {
      const object = await done(`create${one}`, { body: create });
      const id = String(object['id'] ?? object['client_id']);
      made[parameter] = id;
      await done(`read${one}`, { parameters: { [parameter]: id } });
      await done(`update${one}`, { parameters: { [parameter]: id }, body: patch });
      await done(`list${many}`);
    }
    await done('setOrganisationMember', { parameters: made, body: { roles: ['reader'] } });
    await done('listOrganisationMembers', { parameters: made });
    await done('removeOrganisationMember', { parameters: made });
    await done('addGroupMember', { parameters: made });
    await done('listGroupMembers', { parameters: made });
    await done('removeGroupMember', { parameters: made });
    await done('rotateClientSecret', { parameters: made, body: {} });
    await done('setPassword', { parameters: made, body: { password: 'a password of bob' } });
    await done('readCredentials', { parameters: made });
    // Nobody is there to be told, which is a delivery too.
    const webhook = await done('createWebhook', { body: { url: 'https://localhost/webhook' } });
    made['webhook_id'] = String(webhook['id']);
    await done('readWebhook', { parameters: made });
    await done('updateWebhook', { parameters: made, body: { description: 'Newer' } });
    await done('rotateWebhookSecret', { parameters: made, body: {} });
    await done('listWebhooks');
    const key = await done('rotateKey', { body: { alg: 'EdDSA' } });
    made['kid'] = String(key['kid']);
    await done('listKeys');
    await done('readKey', { parameters: made });
    await done('retireKey', { parameters: made, body: { reason: 'tried' } });

    // What people do, and nobody makes by hand.
    await new RawClient(plane.issuer, 'default', 'demo', secrets.demo).signInForTokens();
    for (const [one, many] of [
      ['session', 'Sessions'],
      ['grant', 'Grants'],
    ] as const) {
      const { items } = (await done(`list${many}`)) as { items?: readonly { id: string }[] };
      made[`${one}_id`] = items?.[0]?.id ?? '';
      await done(`read${many.slice(0, -1)}`, { parameters: made });
    }

    const { agent, id_token: hint } = await new RawClient(
      plane.issuer,
      'default',
      unreachable,
      secrets.demo,
    ).signInForTokens();
    await agent.open(`${plane.issuer}/logout?${new URLSearchParams({ id_token_hint: hint }).toString()}`);
    const deliveries = (await done('listLogoutDeliveries')) as { items?: readonly { id: string }[] };
    made['delivery_id'] = deliveries.items?.[0]?.id ?? '';
    await done('readLogoutDelivery', { parameters: made });

    const { items: events } = (await done('listEvents')) as { items?: readonly { id: string }[] };
    made['event_id'] = events?.[0]?.id ?? '';
    await done('readEvent', { parameters: made });
    const position = await until('an event to be on its way to the webhook', async () => {
      const { items } = (await done('listWebhookDeliveries', { parameters: made })) as {
        items?: readonly { position: number }[];
      };
      return items?.[0]?.position;
    });
    const delivery = { ...made, position: String(position) };
    await done('readWebhookDelivery', { parameters: delivery });
    await done('retryWebhookDelivery', { parameters: delivery });
    await done('replayWebhook', { parameters: made, body: { from: { position: 0 } } });

    // With every id of the one tenant, the other finds nothing, and is told nothing.
    for (const [id, { path }] of operations) {
      if (!path.includes('{')) continue;
      const body = bodies[id] ?? {};
      const answer = await call(id, { parameters: delivery, slug: 'globex', ...(sends(id) && { body }) });
      expect([id, answer.status]).toEqual([id, id.endsWith('Tenant') ? 403 : 404]);
      for (const value of Object.values(made)) expect(JSON.stringify(answer.body)).not.toContain(value);
    }

    await done('deleteWebhook', { parameters: made });
    await done('endSession', { parameters: made });
    await done('withdrawGrant', { parameters: made });
    await done('createRevocation', { body: { kind: 'client', client_id: 'demo' } });
    for (const [one] of collections) {
      if (operations.has(`delete${one}`)) await done(`delete${one}`, { parameters: made });
    }
    await done('restoreAccount', { parameters: made });
    await done('eraseAccount', { parameters: made });
    const { items } = (await done('listRoles')) as { items?: readonly { name: string }[] };
    expect(items?.map(({ name }) => name)).not.toContain('reader');
    expect([...operations.keys()].filter((id) => !called.has(id))).toEqual([]);
  }, 60_000);

  it('answers bad input as it says', async () => {
    const nobody = { role_id: `rol_${'0'.repeat(32)}`, client_id: 'nobody' };
    for (const [id, asked, status] of [
      ['createRole', { body: { name: '' } }, 400],
      ['createRole', { body: { name: 'signet:own' } }, 400],
      ['createTenant', { body: { slug: 'globex', name: 'Again' } }, 409],
      ['readRole', { parameters: nobody }, 404],
      ['updateClient', { parameters: nobody, body: {} }, 404],
      ['listTenants', { slug: 'globex' }, 403],
    ] as const) {
      expect([id, (await call(id, asked)).status]).toEqual([id, status]);
    }
    // Each service that serves some of it refuses by itself, and records that it did.
    tokens.set('globex', 'x');
    for (const id of operations.keys()) {
      const body = sends(id) || id.startsWith('create') || id === 'rotateKey' ? {} : undefined;
      expect([id, (await call(id, { slug: 'globex', body, parameters: nobody })).status]).toEqual([id, 401]);
    }
  });

  it('has a page that reads without a script', async () => {
    const page = await fetch(`${plane.issuer}/admin/v1`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    for (const [id, { path }] of operations)
      expect([id, text.includes(`id="${id}"`), text.includes(path)]).toEqual([id, true, true]);
    expect(text).not.toContain('<script');
  });
});

/** Whether an operation has a body. */
const sends = (id: string): boolean => /^(?:update|set|rotate(?:Client|Webhook)Secret|replay|retireKey)/.test(id);
