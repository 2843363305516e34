import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  applyDirectoryConfiguration,
  declaredSecretPlace,
  findAccount,
  findCatalogue,
  findClient,
  findClientWithSecrets,
  findTenant,
  sealedSecretPlace,
  type DeclaredTenant,
} from '@signet/contracts';
import { Keyring, openText, sealedUnder, sealToText, sha256Text } from '@signet/keys';
import { Resealing } from '@signet/service';
import { directoryService } from '../src/index.js';
import { Applying, failure } from './applying.js';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser, aPlan, hash } from './declarations.js';
import { recordedEvents, typesOf } from './recorded-events.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

describe('applyDirectoryConfiguration', () => {
  it('creates what is declared, with an event for each object, and shows it', async () => {
    const { tenantId: tenant, changes, users } = await the.applied();
    expect(changes).toBe(9);
    const found = await the.on.requester.request(findTenant, { slug: the.own.slug });
    expect(found).toMatchObject({ id: tenant, ...the.own, version: 1, enabled: true });
    expect(await the.on.requester.request(findTenant, { tenantId: tenant })).toEqual(found);
    const shown = { tenantId: tenant, clientId: 'shop', version: 1, scopes: ['openid', 'orders:read'], enabled: true };
    const client = await the.on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' });
    expect(client).toMatchObject(shown);
    expect(client).not.toHaveProperty('secretHashes');
    expect(await the.on.requester.request(findClientWithSecrets, { tenantId: tenant, clientId: 'shop' })).toEqual({
      ...client,
      secretHashes: [hash('B')],
    });
    expect(await the.on.requester.request(findCatalogue, { tenantId: tenant })).toMatchObject({
      version: 1,
      scopes: [
        { name: 'openid' },
        { name: 'orders:read', resourceServer: 'https://orders.example' },
        ...[{ name: 'signet:admin' }, { name: 'signet:scim' }],
      ],
      resourceServers: [
        { identifier: 'https://orders.example', accessTokenSigningAlg: 'ES256', statusList: false },
        { identifier: 'urn:signet:management' },
      ],
    });
    const [alice] = users;
    if (!alice) throw new Error('no account');
    const account = await the.on.requester.request(findAccount, { tenantId: tenant, accountId: alice.accountId });
    expect(account).toMatchObject({ status: 'active', version: 1, groups: ['staff'], roles: ['auditor', 'clerk'] });
    expect(account.claims).toMatchObject({ name: 'Alice Liddell', updated_at: expect.any(Number) });
    expect(account.sub).toMatch(/^[\w-]{22}$/);
    expect(account.pairwiseSeed).toMatch(/^[\w-]{43}$/);
    const events = await recordedEvents(the.on, tenant);
    expect(new Set(events.map(({ aggregate }) => aggregate)).size).toBe(10);
    expect(typesOf(events).filter((type) => type.endsWith('.created'))).toHaveLength(9);
    expect(the.on.token.floors).toEqual([]);
  });

  it('keeps the secret of client_secret_jwt sealed, for token to open, and of no other method', async () => {
    const secret = 'a secret of thirty-two characters';
    const place = declaredSecretPlace({ issuer: the.own.issuer, clientId: 'shop' });
    const client = (sealed: string, changed: Partial<DeclaredTenant['clients'][number]> = {}) => ({
      clients: [
        aDeclaredClient({
          tokenEndpointAuthMethod: 'client_secret_jwt',
          secretHashes: [sha256Text(secret)],
          sealedSecrets: [sealed],
          ...changed,
        }),
      ],
    });
    const seal = () => sealToText(the.on.keyring, 'client', secret, place);
    const { tenantId: tenant } = await the.applied(client(seal()));
    const reference = { tenantId: tenant, clientId: 'shop' };
    const found = await the.on.requester.request(findClientWithSecrets, reference);
    expect(found.secretHashes).toEqual([sha256Text(secret)]);
    const [sealed = ''] = found.sealedSecrets ?? [];
    const opened = openText(the.on.keyring, 'client', sealed, sealedSecretPlace(reference));
    expect(Buffer.from(opened ?? []).toString('utf8')).toBe(secret);

    // Sealed anew under the next key, it is the same secret, and no change.
    const { database, logger } = the.on.service.parts;
    const keyring = new Keyring([
      ...the.on.keyring.all('client'),
      { id: 'next', purpose: 'client', secret: createSecretKey(randomBytes(32)), usedFrom: new Date() },
    ]);
    const parts = { database, keyring, logger, metrics: { gauge: () => undefined } };
    await new Resealing(directoryService.sealed ?? [], parts).round();
    const anew = await the.on.requester.request(findClientWithSecrets, reference);
    const [sealedAnew = ''] = anew.sealedSecrets ?? [];
    expect(sealedUnder(Buffer.from(sealedAnew, 'base64url'))).toBe('next');
    expect(Buffer.from(openText(keyring, 'client', sealedAnew, sealedSecretPlace(reference)) ?? []).toString()).toBe(
      secret,
    );
    expect(anew.version).toBe(found.version);

    expect(await the.applied(client(seal()))).toMatchObject({ changes: 0 });
    const foreign = sealToText(
      the.on.keyring,
      'client',
      secret,
      declaredSecretPlace({ issuer: the.own.issuer, clientId: 'x' }),
    );
    expect((await failure(the.apply(client(foreign)))).code).toBe('invalid_argument');
    const other = await failure(the.apply(client(seal(), { secretHashes: [hash('B')] })));
    expect(other.code).toBe('invalid_argument');

    await the.apply({ clients: [aDeclaredClient({ secretHashes: [sha256Text(secret)] })] });
    const after = await the.on.requester.request(findClientWithSecrets, reference);
    expect(after.secretHashes).toEqual([sha256Text(secret)]);
    expect(after).not.toHaveProperty('sealedSecrets');
    expect(JSON.stringify(await recordedEvents(the.on, tenant))).not.toContain(sealed.slice(0, 20));
  });

  it('keeps secrets and personal values out of the log', async () => {
    const { tenantId: tenant } = await the.applied();
    await the.apply({
      clients: [aDeclaredClient({ secretHashes: [hash('C')] })],
      users: [aDeclaredUser({ username: 'ALICE', claims: { name: 'Alice Pleasance' } })],
    });
    const text = JSON.stringify(await recordedEvents(the.on, tenant));
    expect(text).toContain('secretHashes');
    expect(text).toContain('claims.name');
    expect(text).not.toMatch(/liddell|pleasance|alice|BBBB|CCCC/i);
  });

  it('changes and tells nothing where all is so already, in any order', async () => {
    const { tenantId: tenant, users } = await the.applied();
    const before = await recordedEvents(the.on, tenant);
    const { scopes, roles } = aDeclaredTenant();
    const again = await the.applied({ scopes: [...scopes].reverse(), roles: [...roles].reverse() });
    expect(again).toEqual({ slug: the.own.slug, tenantId: tenant, users, changes: 0 });
    expect(await recordedEvents(the.on, tenant)).toEqual(before);
    expect(await the.on.requester.request(findCatalogue, { tenantId: tenant })).toMatchObject({ version: 1 });
  });

  it('answers a repeat of a plan as it did at first, and refuses another content under its id', async () => {
    const plan = aPlan(aDeclaredTenant(the.own));
    const first = await the.on.requester.request(applyDirectoryConfiguration, plan);
    await the.apply({ name: 'Renamed' });
    expect(await the.on.requester.request(applyDirectoryConfiguration, plan)).toEqual(first);
    expect(await the.on.requester.request(findTenant, { slug: the.own.slug })).toMatchObject({
      name: 'Renamed',
      version: 2,
    });
    const other = { ...plan, tenants: [aDeclaredTenant({ ...the.own, name: 'Other' })] };
    expect((await failure(the.on.requester.request(applyDirectoryConfiguration, other))).code).toBe('conflict');
  });

  it('leaves alone what a later configuration does not name', async () => {
    const { tenantId: tenant } = await the.applied();
    const { changes } = await the.applied({
      clients: [],
      users: [],
      scopes: [],
      resourceServers: [],
      roles: [],
      groups: [],
    });
    expect(changes).toBe(0);
    const { changes: added } = await the.applied({
      ...{ scopes: [], resourceServers: [], roles: [], groups: [], clients: [] },
      users: [aDeclaredUser({ username: 'bob' })],
    });
    expect(added).toBe(1);
    expect(await the.on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' })).toBeTruthy();
  });

  it('applies two plans for one new tenant one after the other', async () => {
    const results = await Promise.all([the.apply(), the.apply(), the.apply()]);
    expect(results.map(({ changes }) => changes).sort()).toEqual([0, 0, 9]);
    expect(new Set(results.map(({ tenants }) => tenants[0]?.tenantId)).size).toBe(1);
  });
});
