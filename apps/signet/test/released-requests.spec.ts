import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  applyDirectoryConfiguration,
  newId,
  permissions,
  planId,
  type DeclaredTenant,
  type Principal,
  type Request,
} from '@signet/contracts';
import { MeshError, type Requester } from '@signet/messaging';
import { startMesh, type Mesh } from '@signet/testing';
import { z } from 'zod';
import { services } from '../src/services.js';

interface Released {
  readonly messages: Readonly<
    Record<string, { readonly response: object; readonly examples: { readonly request: readonly object[] } }>
  >;
}
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const { messages } = read('../../../libs/contracts/src/versions/released-messages.json') as Released;
const rows = read('../released/rows.json') as Readonly<Record<string, { readonly tables: object }>>;

/** What is asked for here is nobody's wish: whether each change has its event is for others to test. */
const unrecorded = Object.fromEntries(
  Object.entries(rows).flatMap(([service, { tables }]) =>
    Object.keys(tables).map((table) => [`${service}.${table}`, 'any'] as const),
  ),
);

const declared: DeclaredTenant = {
  ...{ slug: 'acme', issuer: 'https://id.acme.example', name: 'Acme', enabled: true, branding: {} },
  policies: {
    ...{ session: { idle: 3_600, absolute: 36_000 }, accessToken: { lifetime: 300 } },
    ...{ refresh: { idle: 86_400, absolute: 2_592_000 }, keys: { rotateAfter: 7_776_000 } },
  },
  ...{
    attributes: [],
    scopes: [],
    resourceServers: [],
    roles: [],
    organisations: [],
    groups: [],
    clients: [],
    users: [],
  },
};

const principals = Object.keys(permissions) as Principal[];
const callerOf = (subject: string) => {
  const calls = (principal: Principal) => permissions[principal].calls.some((one) => one.subject === subject);
  return principals.find(calls);
};

let mesh: Mesh;
let tenantId: string;
const requesters = new Map<Principal, Requester>();
beforeAll(async () => {
  mesh = await startMesh({ services, unrecorded });
  for (const principal of principals) requesters.set(principal, await mesh.requester(principal));
  const plan = { planId: newId(planId), tenants: [declared] };
  const applied = await requesters.get('operator')?.request(applyDirectoryConfiguration, plan);
  tenantId = applied?.tenants[0]?.tenantId ?? '';
}, 60_000);
afterAll(() => mesh.stop());

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

const digest = /^[\w-]{43}$/;

/** An example in the tenant that there is, with ids and hashes of its own. */
function ofTheTenant(example: object): object {
  const fresh = newId(planId);
  const hash = randomBytes(32).toString('base64url');
  return JSON.parse(JSON.stringify(example), (name, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (uuid.test(value)) return name === 'tenantId' ? tenantId : fresh;
    return digest.test(value) ? hash : value;
  }) as object;
}

/** Sends what no contract of today has looked at, and reads the answer as the release does; gives how it ended. */
async function ask(subject: string, input: unknown): Promise<string> {
  const [caller, released] = [callerOf(subject), messages[subject]];
  const requester = caller && requesters.get(caller);
  if (!requester || !released) throw new Error(`nobody asks ${subject}`);
  const response = z.fromJSONSchema(released.response as Parameters<typeof z.fromJSONSchema>[0]);
  const contract: Request = { subject, request: z.unknown(), response, errors: [], timeout: 15_000 };
  try {
    await requester.request(contract, input);
    return 'answered';
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return /does not match|nobody serves/.test(error.message) ? error.message : error.code;
  }
}

/** How no request may end that was understood. What is wrong with the examples is what they ask for. */
const lost = /match|serves|internal|deadline/;

describe('services that run', () => {
  it.each(Object.keys(messages))(
    'answer the released callers of %s, and newer ones',
    async (subject) => {
      for (const example of messages[subject]?.examples.request ?? []) {
        expect(await ask(subject, ofTheTenant(example))).not.toMatch(lost);
        const newer = { ...ofTheTenant(example), of_a_newer_version: { a: [1] } };
        expect(await ask(subject, newer)).not.toMatch(lost);
      }
      // Keys of RSA are made in some.
    },
    60_000,
  );
});
