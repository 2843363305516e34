import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findClient, findClientWithSecrets } from '@signet/contracts';
import { sha256Text } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import type { z } from 'zod';
import { aDeclaredClient } from './declarations.js';
import { metadata, registered, Registering } from './registering.js';

let the: Registering;

beforeAll(async () => {
  the = await Registering.start();
});
afterAll(() => the.stop());
// Each test has a tenant of its own.
beforeEach(async () => {
  the.on.token.away = false;
  the.on.token.floors.length = 0;
  await the.use({ mode: 'open' });
});

describe('management', () => {
  it('reads the registration, with its token alone', async () => {
    const { client, path, bearer } = await the.client();
    const shown = await the.http.ask('GET', path, { bearer });
    expect(shown.status).toBe(200);
    expect(shown.body).toEqual({ ...client, client_secret: undefined, client_secret_expires_at: undefined });
    const other = await the.client();
    const foreign = await the.tenant({ mode: 'open' });
    for (const [at, token] of [
      [path, other.bearer],
      [path, undefined],
      [path, 'wrong'],
      [`/register/t/${the.at.slug}/nobody`, bearer],
      [path.replace(the.at.slug, foreign.slug), bearer],
      [path.replace(`/t/${the.at.slug}`, ''), bearer],
    ] as const) {
      const answer = await the.http.ask('GET', at, token === undefined ? {} : { bearer: token });
      // The default tenant is not there in this suite.
      expect([401, at.includes('/t/') ? 401 : 404]).toContain(answer.status);
      expect(JSON.stringify(answer.body)).not.toContain('shop.example');
    }
  });

  it('replaces everything, keeps the secret, and forbids copies of what was', async () => {
    const { client, path, bearer } = await the.client({ ...metadata, policy_uri: 'https://shop.example/policy' });
    const body = {
      ...metadata,
      client_id: client.client_id,
      client_secret: client.client_secret,
      client_name: 'Store',
    };
    const answer = await the.http.ask('PUT', path, { bearer, body });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ client_name: 'Store', registration_access_token: bearer });
    expect(answer.body).not.toHaveProperty('policy_uri');
    expect(answer.body).not.toHaveProperty('client_secret');
    const reference = { tenantId: the.at.tenant, clientId: client.client_id };
    const stored = await the.on.requester.request(findClientWithSecrets, reference);
    expect(stored).toMatchObject({ registration: 'open' });
    expect(stored).toMatchObject({ name: 'Store', version: 2, secretHashes: [sha256Text(client.client_secret ?? '')] });
    expect(stored).not.toHaveProperty('policyUri');
    const forbidden = { kind: 'client_version', clientId: client.client_id, version: 2 };
    expect(the.on.token.floors).toContainEqual(expect.objectContaining(forbidden));
    expect((await the.eventsOf(`client:${client.client_id}`)).map(({ aggregateversion }) => aggregateversion)).toEqual([
      1, 2,
    ]);

    expect(await the.http.ask('PUT', path, { bearer, body })).toMatchObject({ status: 200 });
    expect(await the.on.requester.request(findClient, reference)).toMatchObject({ version: 2 });
  });

  it('gives another secret where the old one does not serve', async () => {
    const { client, path, bearer } = await the.client({ ...metadata, token_endpoint_auth_method: 'none' });
    const update = async (method: string) => {
      const body = { ...metadata, client_id: client.client_id, token_endpoint_auth_method: method };
      const answer = await the.http.ask('PUT', path, { bearer, body });
      expect(answer.status).toBe(200);
      return registered.parse(answer.body).client_secret;
    };
    const first = await update('client_secret_post');
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(await update('client_secret_basic')).toBeUndefined();
    const mac = await update('client_secret_jwt');
    expect(mac).not.toBe(first);
    const reference = { tenantId: the.at.tenant, clientId: client.client_id };
    const stored = await the.on.requester.request(findClientWithSecrets, reference);
    expect(stored.secretHashes).toEqual([sha256Text(mac ?? '')]);
    expect(stored.sealedSecrets).toHaveLength(1);
    await update('none');
    const without = await the.on.requester.request(findClientWithSecrets, reference);
    expect(without.secretHashes).toEqual([]);
    expect(without).not.toHaveProperty('sealedSecrets');
  });

  it.each<[string, (client: z.infer<typeof registered>) => object]>([
    ['without its client_id', () => metadata],
    ['with another client_id', () => ({ ...metadata, client_id: 'shop' })],
    ['with another secret', ({ client_id }) => ({ ...metadata, client_id, client_secret: 'x'.repeat(43) })],
    [
      'with its token',
      ({ client_id, registration_access_token }) => ({ ...metadata, client_id, registration_access_token }),
    ],
    ['to what could not be registered', ({ client_id }) => ({ client_id, redirect_uris: ['https://a.example/#b'] })],
  ])('refuses an update %s', async (_, body) => {
    const { client, path, bearer } = await the.client();
    expect(await the.http.ask('PUT', path, { bearer, body: body(client) })).toMatchObject({ status: 400 });
    const reference = { tenantId: the.at.tenant, clientId: client.client_id };
    expect(await the.on.requester.request(findClient, reference)).toMatchObject({ version: 1 });
  });

  it('applies two updates one after the other', async () => {
    const { client, path, bearer } = await the.client();
    const put = (name: string) =>
      the.http.ask('PUT', path, { bearer, body: { ...metadata, client_id: client.client_id, client_name: name } });
    const answers = await Promise.all(['A', 'B', 'C'].map(put));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const reference = { tenantId: the.at.tenant, clientId: client.client_id };
    expect(await the.on.requester.request(findClient, reference)).toMatchObject({ version: 4 });
    expect(await the.eventsOf(`client:${client.client_id}`)).toHaveLength(4);
  });

  it('deletes the client, and answers when token has ended what it held', async () => {
    const { client, path, bearer } = await the.client();
    the.on.token.away = true;
    expect(await the.http.ask('DELETE', path, { bearer: 'wrong' })).toMatchObject({ status: 401 });
    expect(await the.http.ask('DELETE', path, { bearer })).toMatchObject({ status: 503 });
    the.on.token.away = false;
    const other = await the.client();
    expect(await the.http.ask('DELETE', other.path, { bearer: other.bearer })).toMatchObject({ status: 204, body: '' });
    for (const { client_id: clientId } of [client, other.client]) {
      expect(the.on.token.floors).toContainEqual(expect.objectContaining({ kind: 'client', clientId }));
      expect(the.on.token.floors).toContainEqual(
        expect.objectContaining({ kind: 'client_version', clientId, version: 2 }),
      );
      const gone = the.on.requester.request(findClient, { tenantId: the.at.tenant, clientId });
      await expect(gone).rejects.toBeInstanceOf(MeshError);
      expect((await the.eventsOf(`client:${clientId}`)).map(({ type }) => type.split('.')[3])).toEqual([
        'created',
        'deleted',
      ]);
    }
    expect(await the.http.ask('DELETE', path, { bearer })).toMatchObject({ status: 401 });
    expect(await the.http.ask('GET', path, { bearer })).toMatchObject({ status: 401 });
  });

  it('goes on once an operator has declared the client, and so vouched for it', async () => {
    const { client, path, bearer } = await the.client();
    const clientId = client.client_id;
    await the.declare(the.at.slug, { mode: 'open' }, [aDeclaredClient({ clientId })]);
    const reference = { tenantId: the.at.tenant, clientId };
    const vouched = { registration: 'operator', version: 2 };
    expect(await the.on.requester.request(findClient, reference)).toMatchObject(vouched);
    const body = { ...metadata, client_id: clientId };
    expect(await the.http.ask('PUT', path, { bearer, body })).toMatchObject({ status: 200 });
    expect(await the.on.requester.request(findClient, reference)).toMatchObject({ ...vouched, version: 3 });
  });

  it('is refused to a client that an operator has disabled', async () => {
    const { client, path, bearer } = await the.client();
    await the.on.database.query(
      `set local session_replication_role = replica; update directory.client set enabled = false where client_id = '${client.client_id}'`,
    );
    expect(await the.http.ask('GET', path, { bearer })).toMatchObject({ status: 403 });
  });
});
