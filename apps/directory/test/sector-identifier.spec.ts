import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyDirectoryConfiguration, findClient, type DeclaredClient } from '@signet/contracts';
import { aDeclaredClient, aDeclaredTenant, aPlan } from './declarations.js';
import { errorOf, metadata, Registering } from './registering.js';

/** What is at each path of the clients' site, and what was asked for. */
const files = new Map<string, string>();
const asked: string[] = [];
/** What happens between the question for a file and its answer. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();
const site = createServer(({ url = '' }, response) => {
  asked.push(url);
  const file = files.get(url);
  void meanwhile().finally(() => {
    response.writeHead(file === undefined ? 404 : 200, { 'Content-Type': 'application/json' }).end(file);
  });
});
let origin: string;
let the: Registering;
let next = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    site.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  the = await Registering.start({ SIGNET_OUTBOUND_ALLOW: origin });
  await the.use({ mode: 'open' });
});
afterAll(async () => {
  site.close();
  await the.stop();
});

/** A place of its own for this file. */
function sector(file: string | undefined): { path: string; uri: string } {
  const path = `/sector-${++next}`;
  if (file !== undefined) files.set(path, file);
  return { path, uri: origin + path };
}

const uris = ['https://shop.example/cb', 'https://shop.test/cb'];
const unusable: [string, string | undefined, string][] = [
  ['is not there', undefined, 'it cannot be read: status'],
  ['is not JSON', '[', 'it is not JSON'],
  ['is no array', '{"https://shop.example/cb":1}', 'it is no array of URIs'],
  ['does not name one', '["https://shop.example/CB"]', 'https://shop.example/cb is not in it'],
];

describe('sector_identifier_uri of a client that registers', () => {
  const pairwise = (file: string | undefined) => ({
    ...metadata,
    subject_type: 'pairwise',
    sector_identifier_uri: sector(file).uri,
  });

  it('names every redirect URI', async () => {
    const file = JSON.stringify([...uris, 'https://other.example/']);
    const { client } = await the.client({ ...pairwise(file), redirect_uris: uris });
    expect(client).toMatchObject({ subject_type: 'pairwise' });
  });

  it('undoes nothing that an operator changes while it is read', async () => {
    const { client, path, bearer } = await the.client(pairwise(JSON.stringify(metadata.redirect_uris)));
    const changed = aDeclaredClient({ clientId: client.client_id, consent: 'explicit', requirePkce: true });
    meanwhile = () => the.declare(the.at.slug, { mode: 'open' }, [changed]);
    const body = { ...pairwise(JSON.stringify(metadata.redirect_uris)), client_id: client.client_id };
    expect((await the.http.ask('PUT', path, { bearer, body })).status).toBe(200);
    meanwhile = () => Promise.resolve();
    const reference = { tenantId: the.at.tenant, clientId: client.client_id };
    expect(await the.on.requester.request(findClient, reference)).toMatchObject({
      ...{ consent: 'explicit', requirePkce: true, version: 3 },
    });
  });

  it.each(unusable)('is refused where it %s', async (_, file) => {
    const answer = await the.register(pairwise(file));
    expect(errorOf(answer)).toEqual([400, 'invalid_client_metadata']);
    // Why it could not be read would tell a stranger what there is in our network.
    expect(JSON.stringify(answer.body)).not.toContain('read: ');
  });

  it('is not fetched from an address of ours', async () => {
    const inside = { ...metadata, sector_identifier_uri: 'https://127.0.0.1/sector' };
    expect(errorOf(await the.register(inside))).toEqual([400, 'invalid_client_metadata']);
  });
});

describe('sector_identifier_uri of a declared client', () => {
  const slug = 'declared';
  const apply = (sectorIdentifierUri: string, redirectUris = uris, changed: Partial<DeclaredClient> = {}) => {
    const client = aDeclaredClient({ subjectType: 'pairwise', sectorIdentifierUri, redirectUris, ...changed });
    const tenant = { slug, issuer: 'https://id.acme.example/t/declared', users: [], clients: [client] };
    return the.on.requester.request(applyDirectoryConfiguration, aPlan(aDeclaredTenant(tenant)));
  };

  it.each(unusable)('is refused where it %s', async (_, file, message) => {
    await expect(apply(sector(file).uri, ['https://shop.example/cb'])).rejects.toMatchObject({
      code: 'invalid_argument',
      details: [{ path: `tenants.${slug}.clients.shop.sectorIdentifierUri`, message }],
    });
  });

  it('is a fault among others, and one alone where it may not be fetched', async () => {
    const withoutScope = apply(sector(undefined).uri, uris, { scopes: ['nothing'] });
    await expect(withoutScope).rejects.toMatchObject({
      details: [{ message: 'there is no scope nothing' }, { message: 'it cannot be read: status' }],
    });
    await expect(apply('ftp://shop.example/sector')).rejects.toMatchObject({
      details: [{ path: `tenants.${slug}.clients.shop.sectorIdentifierUri`, message: 'is not https' }],
    });
  });

  it('is read where it, or what has to be in it, is new, and not at every start', async () => {
    const { path, uri } = sector(JSON.stringify(uris));
    const reads = () => asked.filter((url) => url === path).length;
    expect(await apply(uri)).toMatchObject({ changes: expect.any(Number) });
    expect(reads()).toBe(1);
    files.delete(path);
    expect(await apply(uri)).toMatchObject({ changes: 0 });
    expect(await apply(uri, uris.slice(0, 1), { name: 'Renamed' })).toMatchObject({ changes: 1 });
    expect(reads()).toBe(1);
    await expect(apply(uri, [...uris, 'https://other.example/'])).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(reads()).toBe(2);
  });
});
