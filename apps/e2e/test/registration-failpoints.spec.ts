import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FailpointName } from '@signet/contracts';
import { AuditLog, callback, Plane, twinTenants, until } from '../src/index.js';

interface Client {
  readonly client_id: string;
  readonly client_secret: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
}

const metadata = { client_name: 'Registered', redirect_uris: [callback] };
const renamed = { ...metadata, client_name: 'Renamed' };

const operations = {
  create: 'directory.registration.insert',
  read: '/register/:clientId',
  update: 'directory.registration.replace',
  delete: 'directory.client.delete',
} as const;
type Operation = keyof typeof operations;

/** Where a request of registration management comes by each failpoint, and by which operation first. */
const failpoints: Readonly<Record<FailpointName, readonly (readonly [Operation, string])[]>> = {
  'before-commit': (['create', 'update', 'delete'] as const).map((operation) => [operation, operations[operation]]),
  'after-commit': (['create', 'update', 'delete'] as const).map((operation) => [operation, operations[operation]]),
  'before-publish': [['create', '']],
  'after-publish': [['create', '']],
  'before-confirm': [['create', 'audit']],
  'after-confirm': [['create', 'audit']],
  'before-raise': [
    ['update', 'directory'],
    ['delete', 'directory'],
  ],
  'after-raise': [
    ['update', 'directory'],
    ['delete', 'directory'],
  ],
  'before-respond': [
    ['create', '/register'],
    ['read', operations.read],
    ['update', operations.read],
    ['delete', operations.read],
  ],
};

const walk = Object.entries(failpoints).flatMap(([name, places]) =>
  places.map(([operation, detail]) => [operation, detail === '' ? name : `${name}:${detail}`] as const),
);

describe('registration, killed at a failpoint', () => {
  let plane: Plane;
  let log: AuditLog;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'one process', failpoints: true, configuration: twinTenants() });
    log = new AuditLog(plane);
  }, 120_000);
  afterAll(() => plane.stop());

  const ask = async (method: string, uri: string, token?: string, body?: object) => {
    const answer = await fetch(uri, {
      method,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  };
  const create = () => ask('POST', `${plane.issuer}/register`, undefined, metadata);
  const manage = (method: string, { registration_client_uri, registration_access_token }: Client, body?: object) =>
    ask(method, registration_client_uri, registration_access_token, body);

  const perform = (operation: Operation, client: Client) => {
    const { client_id, client_secret } = client;
    switch (operation) {
      case 'create':
        return create();
      case 'read':
        return manage('GET', client);
      case 'update':
        return manage('PUT', client, { ...renamed, client_id, client_secret });
      case 'delete':
        return manage('DELETE', client);
    }
  };
  /** What a repeat may be answered with: where the first one was committed, a client that is gone is no more known. */
  const clean: Readonly<Record<Operation, readonly number[]>> = {
    ...{ create: [201], read: [200], update: [200], delete: [204, 401] },
  };
  /** What is so after it, as the client sees it. */
  const after: Readonly<Record<Operation, object>> = {
    create: { status: 200, body: metadata },
    read: { status: 200, body: metadata },
    update: { status: 200, body: renamed },
    delete: { status: 401 },
  };

  it.each(walk)(
    '%s at %s: a retry succeeds or is refused cleanly',
    async (operation, failpoint) => {
      const part = plane.part('directory');
      const standing = (await create()).body as unknown as Client;
      part.dieAt(failpoint);

      const first = part.program.running ? await perform(operation, standing).catch(() => undefined) : undefined;
      await until('the process to die', () => Promise.resolve(!part.program.running || undefined));
      await part.start();

      const again = await perform(operation, standing);
      expect(clean[operation]).toContain(again.status);
      // Whatever was acknowledged stands: nobody hears of a success twice where there is but one.
      if (first?.status === 204) expect(again.status).toBe(401);
      const created = operation === 'create' ? (again.body as unknown as Client) : standing;
      expect(await manage('GET', created)).toMatchObject(after[operation]);
    },
    90_000,
  );

  it('lost no committed event, after all of them', async () => {
    await log.settled();
    const versions = new Map<string, number[]>();
    const gone = new Set<string>();
    for (const { aggregate, version, type } of await log.entries()) {
      if (!aggregate.includes(' client:')) continue;
      versions.set(aggregate, [...(versions.get(aggregate) ?? []), version]);
      if (type === 'signet.directory.client.deleted.v1') gone.add(aggregate);
    }
    const clients = await log.clients();
    expect(new Set([...clients.keys(), ...gone])).toEqual(new Set(versions.keys()));
    for (const [aggregate, told] of versions) {
      expect(told).toEqual(told.map((_, index) => index + 1));
      if (!gone.has(aggregate)) expect(told.at(-1)).toBe(clients.get(aggregate));
    }
    expect(gone.size).toBe(walk.filter(([operation]) => operation === 'delete').length);
  }, 90_000);
});
