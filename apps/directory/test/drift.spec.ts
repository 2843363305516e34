import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyDirectoryConfiguration, exportDirectoryTenant, planDirectoryConfiguration } from '@signet/contracts';
import { aDeclaredClient, aDeclaredTenant, aPlan } from './declarations.js';
import { metadata, Registering } from './registering.js';

let the: Registering;

beforeAll(async () => {
  the = await Registering.start();
});
afterAll(() => the.stop());

const declaring = (clientId?: string) => {
  const { slug } = the.at;
  const { policies } = aDeclaredTenant();
  return aDeclaredTenant({
    ...{ slug, issuer: `https://id.acme.example/t/${slug}`, users: [] },
    policies: { ...policies, registration: { mode: 'open' } },
    clients: clientId === undefined ? [] : [aDeclaredClient({ clientId })],
  });
};

async function planned(clientId?: string) {
  const { tenants } = await the.on.requester.request(planDirectoryConfiguration, { tenants: [declaring(clientId)] });
  return { changes: tenants[0]?.changes ?? [], unmanaged: tenants[0]?.unmanaged ?? [] };
}

const apply = (clientId?: string, more: object = {}) =>
  the.on.requester.request(applyDirectoryConfiguration, { ...aPlan(declaring(clientId)), ...more });

describe('drift', () => {
  it('is a declared object that something else has changed: it is told with its plan, and corrected by the next one', async () => {
    await the.use({ mode: 'open' });
    const { client, path, bearer } = await the.client();
    const plan = aPlan(declaring(client.client_id));
    await the.on.requester.request(applyDirectoryConfiguration, plan);
    expect(await planned(client.client_id)).toMatchObject({ changes: [] });

    const renamed = { ...metadata, client_id: client.client_id, client_name: 'Mine' };
    expect(await the.http.ask('PUT', path, { bearer, body: renamed })).toMatchObject({ status: 200 });
    const { changes } = await planned(client.client_id);
    expect(changes).toMatchObject([
      {
        ...{ kind: 'clients', name: client.client_id, action: 'update', aggregate: `client:${client.client_id}` },
        ...{ before: { name: 'Mine' }, after: { name: 'Shop' } },
        drift: { planId: plan.planId },
      },
    ]);
    const [{ drift } = {}] = changes;
    expect(Date.parse(drift?.changedAt ?? '')).toBeGreaterThan(Date.parse(drift?.appliedAt ?? ''));

    expect((await apply(client.client_id)).changes).toBe(1);
    expect(await planned(client.client_id)).toMatchObject({ changes: [] });
    const [change] = (await planned()).changes;
    expect(change).toBeUndefined();
  });

  it('is not what a client that registered itself does: it is counted apart, never pruned and never exported', async () => {
    await the.use({ mode: 'open' });
    await the.client();
    await apply();
    expect(await planned()).toMatchObject({
      changes: [],
      unmanaged: [
        { kind: 'scopes', count: 2 },
        { kind: 'clients', count: 0, declaredBefore: 0, beyond: 1 },
      ],
    });
    expect((await apply(undefined, { prune: { [the.at.slug]: ['clients'] } })).changes).toBe(0);
    const page = await the.on.requester.request(exportDirectoryTenant, {
      ...{ slug: the.at.slug, from: { kind: 'clients' } },
    });
    expect(page).toMatchObject({ objects: { clients: [] }, beyond: 1 });
  });
});
