import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyDirectoryConfiguration } from '@signet/contracts';
import { aDeclaredClient, aDeclaredTenant, aPlan } from './declarations.js';
import { errorOf, metadata, Registering } from './registering.js';

/** RFC 9700 section 2.6. */
describe('in production mode, a redirect URI of http on loopback', () => {
  const redirectUris = ['http://127.0.0.1/cb'];
  const loopback = { ...metadata, redirect_uris: redirectUris };
  let the: Registering;

  beforeAll(async () => {
    the = await Registering.start({ SIGNET_ISSUER: 'https://id.acme.example' });
    await the.use({ mode: 'open' });
  });
  afterAll(() => the.stop());

  it('is registered for a native client alone', async () => {
    expect(errorOf(await the.register(loopback))).toEqual([400, 'invalid_redirect_uri']);
    expect(await the.register({ ...loopback, application_type: 'native' })).toMatchObject({ status: 201 });
  });

  it('is not brought in by an update, nor left behind by one', async () => {
    const web = await the.client();
    const update = ({ client, path, bearer }: typeof web, body: object) =>
      the.http.ask('PUT', path, { bearer, body: { ...body, client_id: client.client_id } });
    expect(errorOf(await update(web, loopback))).toEqual([400, 'invalid_redirect_uri']);
    const native = await the.client({ ...loopback, application_type: 'native' });
    expect(errorOf(await update(native, { ...loopback, application_type: 'web' }))).toEqual([
      ...[400, 'invalid_redirect_uri'],
    ]);
    expect(await update(native, { ...loopback, application_type: 'native' })).toMatchObject({ status: 200 });
  });

  it('is declared for a native client alone', async () => {
    const apply = (changed: Parameters<typeof aDeclaredClient>[0]) =>
      the.on.requester.request(
        applyDirectoryConfiguration,
        aPlan(aDeclaredTenant({ clients: [aDeclaredClient({ redirectUris, ...changed })] })),
      );
    await expect(apply({})).rejects.toMatchObject({
      code: 'invalid_argument',
      details: [expect.objectContaining({ path: 'tenants.default.clients.shop.redirectUris.0' })],
    });
    expect(await apply({ applicationType: 'native' })).toMatchObject({ tenants: [{ slug: 'default' }] });
  });
});
