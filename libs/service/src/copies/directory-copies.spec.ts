import { describe, expect, it } from '@jest/globals';
import {
  accountDisabled,
  accountId,
  clientLogoFetched,
  directoryUpdated,
  findAccount,
  findCatalogue,
  findClient,
  findClientWithSecrets,
  findTenant,
  newId,
  tenantId,
  type EventDefinition,
} from '@signet/contracts';
import { callContext, MeshError, runWithContext, type ReceivedEvent } from '@signet/messaging';
import { DirectoryCopies } from './directory-copies.js';

const tenant = newId(tenantId);
const alice = newId(accountId);
const bob = newId(accountId);

/** A directory that counts what it is asked, and has everything. */
function make() {
  const asked: string[] = [];
  const requester = {
    request: (contract: { subject: string }, input: Record<string, string>) => {
      const context = callContext.getStore();
      if (context && context.deadline <= Date.now()) return Promise.reject(new MeshError('deadline_exceeded', 'late'));
      asked.push(`${contract.subject.split('.').slice(4).join('.')} ${Object.values(input).join(' ')}`);
      return Promise.resolve({ id: tenant, version: 1, ...input });
    },
  };
  return { asked, copies: new DirectoryCopies({ requester: requester as never }) };
}

const subjectOf = ({ subject }: { subject: string }) => subject.split('.').slice(4).join('.');

function event(definition: EventDefinition, members: Partial<ReceivedEvent['envelope']>): ReceivedEvent {
  const envelope = { type: definition.type, tenant, aggregate: 'x:y', ...members };
  return { envelope } as ReceivedEvent;
}

async function useAll(copies: DirectoryCopies): Promise<void> {
  await copies.tenantBySlug('acme');
  await copies.tenantById(tenant);
  await copies.client(tenant, 'shop');
  await copies.client(tenant, 'other');
  await copies.clientWithSecrets(tenant, 'shop');
  await copies.catalogue(tenant);
  await copies.account(tenant, alice);
  await copies.account(tenant, bob);
}

describe('DirectoryCopies', () => {
  it.each([
    [
      'a tenant',
      [event(directoryUpdated.tenant, {})],
      [`${subjectOf(findTenant)} acme`, `${subjectOf(findTenant)} ${tenant}`],
    ],
    [
      'a client',
      [event(directoryUpdated.client, { client: 'shop' })],
      [`${subjectOf(findClient)} ${tenant} shop`, `${subjectOf(findClientWithSecrets)} ${tenant} shop`],
    ],
    [
      'a client, by its aggregate',
      [event(directoryUpdated.client, { aggregate: 'client:other' })],
      [`${subjectOf(findClient)} ${tenant} other`],
    ],
    [
      'a logo, which a client has or has not',
      [event(clientLogoFetched, { aggregate: 'client-logo:x', client: 'other' })],
      [`${subjectOf(findClient)} ${tenant} other`],
    ],
    [
      'an account',
      [event(accountDisabled, { subject: `account:${alice}` })],
      [`${subjectOf(findAccount)} ${tenant} ${alice}`],
    ],
    [
      'a group, and so of whoever may do something by it',
      [event(directoryUpdated.group, {}), event(directoryUpdated.organisation, {}), event(directoryUpdated.role, {})],
      [
        ...[`${subjectOf(findClient)} ${tenant} shop`, `${subjectOf(findClient)} ${tenant} other`],
        `${subjectOf(findClientWithSecrets)} ${tenant} shop`,
        ...[`${subjectOf(findAccount)} ${tenant} ${alice}`, `${subjectOf(findAccount)} ${tenant} ${bob}`],
      ],
    ],
    ['a scope', [event(directoryUpdated.scope, {})], [`${subjectOf(findCatalogue)} ${tenant}`]],
    ['another tenant', [event(directoryUpdated.group, { tenant: newId(tenantId) })], []],
  ])('reads anew, told of a change of %s, what changed and nothing else', async (_, events, expected) => {
    const { asked, copies } = make();
    await useAll(copies);
    expect(asked).toHaveLength(8);
    copies.apply(events);
    await useAll(copies);
    expect(asked.slice(8)).toEqual(expected);
  });

  it('asks nobody for what cannot be a name', async () => {
    const { asked, copies } = make();
    await expect(copies.tenantBySlug('x'.repeat(64))).resolves.toBeUndefined();
    await expect(copies.tenantBySlug('../acme')).resolves.toBeUndefined();
    await expect(copies.client(tenant, 'x'.repeat(256))).resolves.toBeUndefined();
    await expect(copies.clientWithSecrets(tenant, 'a\u0000b')).resolves.toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('keeps tenants apart', async () => {
    const { asked, copies } = make();
    await copies.client(tenant, 'shop');
    await copies.client(newId(tenantId), 'shop');
    expect(asked).toHaveLength(2);
  });

  it('reads in nobody’s time, since others may share the answer', async () => {
    const { copies } = make();
    const late = { deadline: Date.now() - 1, traceparent: undefined };
    await expect(runWithContext(late, () => copies.client(tenant, 'shop'))).resolves.toMatchObject({
      clientId: 'shop',
    });
  });
});
