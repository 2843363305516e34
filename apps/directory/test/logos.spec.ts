import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyDirectoryConfiguration, findClient, type TenantId } from '@signet/contracts';
import { aDeclaredClient, aDeclaredTenant, aPlan } from './declarations.js';
import { httpOf, type HttpOf } from './http-of.js';
import { runDirectory, type RunningDirectory } from './running-directory.js';

const png = Buffer.from('\x89PNG\r\n\x1a\n and what follows', 'latin1');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

const files: Readonly<Record<string, { readonly type: string; readonly bytes: Buffer }>> = {
  '/logo.png': { type: 'image/png', bytes: png },
  '/logo.gif': { type: 'image/gif', bytes: Buffer.from('GIF89a and what follows', 'latin1') },
  '/called-jpeg': { type: 'image/jpeg', bytes: png },
  '/called-png': { type: 'image/png', bytes: svg },
  '/logo.svg': { type: 'image/svg+xml', bytes: svg },
  '/large': { type: 'image/png', bytes: Buffer.concat([png, Buffer.alloc(256 * 1024)]) },
  '/page': { type: 'text/html', bytes: png },
};

let on: RunningDirectory;
let http: HttpOf;
let pictures: Server;
let origin: string;
const asked: string[] = [];
let next = 0;

beforeAll(async () => {
  pictures = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = files[(request.url ?? '').split('?')[0] ?? ''];
    if (file) response.writeHead(200, { 'Content-Type': file.type }).end(file.bytes);
    else response.writeHead(302, { Location: '/logo.png' }).end();
  });
  await new Promise<void>((resolve) => {
    pictures.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`;
  on = await runDirectory({ SIGNET_OUTBOUND_ALLOW: origin });
  http = await httpOf(on);
});
afterAll(async () => {
  pictures.close();
  await http.stop();
  await on.stop();
});

/** A client, of a tenant of its own, that has its logo there; and where we serve it. */
async function aLogoAt(path: string, slug = `l${++next}`, localized: Readonly<Record<string, string>> = {}) {
  const byLanguage = Object.entries(localized).map(([tag, at]) => [`logo_uri#${tag}`, `${origin}${at}?${slug}`]);
  const client = aDeclaredClient({
    logoUri: `${origin}${path}?${slug}`,
    localized: Object.fromEntries(byLanguage) as Record<string, string>,
  });
  const declared = aDeclaredTenant({ slug, issuer: `https://id.acme.example/t/${slug}`, clients: [client], users: [] });
  const { tenants } = await on.requester.request(applyDirectoryConfiguration, aPlan(declared));
  const [applied] = tenants;
  if (!applied) throw new Error('no tenant');
  return { slug, tenant: applied.tenantId, at: `/client-logo/t/${slug}/shop/1` };
}
const fetches = (slug: string) => asked.filter((url) => url.endsWith(`?${slug}`)).length;

/** Somebody asks for the client, as authn does for its pages; resolves when it is known what its logo is. */
async function look(tenant: TenantId, known = 1): Promise<void> {
  await on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' });
  const waiting = async (): Promise<void> => {
    const rows = await on.database.query(
      `select from directory.outbox where tenant_id = $1 and aggregate like 'client-logo:%'`,
      [tenant],
    );
    if (rows.length < known) await new Promise((resolve) => setTimeout(resolve, 20)).then(waiting);
  };
  await waiting();
}

describe('a logo', () => {
  it.each(['/logo.png', '/called-jpeg'])(
    'at %s is fetched once, and served as the picture that it is',
    async (path) => {
      const { slug, tenant, at } = await aLogoAt(path);
      expect(await http.ask('GET', at)).toMatchObject({ status: 404 });
      await Promise.all([look(tenant), look(tenant), look(tenant)]);
      await look(tenant);
      expect(await on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' })).toMatchObject({
        shownLogos: ['logo_uri'],
      });
      const answer = await fetch(http.origin + at);
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/png',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      });
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
      expect(fetches(slug)).toBe(1);
    },
  );

  it.each(['/called-png', '/logo.svg', '/large', '/page', '/moved'])(
    'at %s is none, and is not asked for again',
    async (path) => {
      const { slug, tenant, at } = await aLogoAt(path);
      await look(tenant);
      await look(tenant);
      const client = await on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' });
      expect(client).toMatchObject({ shownLogos: [] });
      expect(await http.ask('GET', at)).toMatchObject({ status: 404 });
      expect(fetches(slug)).toBe(1);
    },
  );

  it('is served of a client at its version, and of no other', async () => {
    const { slug, tenant, at } = await aLogoAt('/logo.png');
    await look(tenant);
    for (const path of [
      at.replace(/1$/, '2'),
      at.replace(/1$/, '01'),
      at.replace('shop', 'x'),
      at.replace(slug, 'x'),
    ]) {
      expect(await http.ask('GET', path)).toMatchObject({ status: 404 });
    }
    expect(await http.ask('GET', at)).toMatchObject({ status: 200 });
  });

  it('of another place is fetched anew', async () => {
    const { slug, tenant, at } = await aLogoAt('/called-png');
    await look(tenant);
    await aLogoAt('/logo.png', slug);
    expect(await http.ask('GET', at)).toMatchObject({ status: 404 });
    await look(tenant, 2);
    expect(await http.ask('GET', at.replace(/1$/, '2'))).toMatchObject({ status: 200 });
  });

  it('in the languages of our pages is fetched and served beside the one for every language', async () => {
    const { slug, tenant, at } = await aLogoAt('/logo.png', undefined, {
      ...{ 'fr-CA': '/logo.gif', de: '/called-png', ja: '/logo.png' },
    });
    await look(tenant, 3);
    const client = await on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' });
    expect(client.shownLogos).toEqual(['logo_uri', 'logo_uri#fr-CA']);
    expect(await http.ask('GET', `${at}/fr-CA`)).toMatchObject({ status: 200 });
    expect((await http.ask('GET', `${at}/fr-CA`)).headers.get('content-type')).toBe('image/gif');
    expect((await http.ask('GET', at)).headers.get('content-type')).toBe('image/png');
    for (const language of ['fr', 'de', 'ja', '', '%23', 'x/y']) {
      expect(await http.ask('GET', `${at}/${language}`)).toMatchObject({ status: 404 });
    }
    expect(fetches(slug)).toBe(3);
  });

  it('in a language for which there is none any more goes, when the next one is kept', async () => {
    const { slug, tenant, at } = await aLogoAt('/logo.png', undefined, { fr: '/logo.gif' });
    await look(tenant, 2);
    await aLogoAt('/logo.png', slug, { de: '/logo.gif' });
    await look(tenant, 3);
    expect(await http.ask('GET', `${at.replace(/1$/, '2')}/de`)).toMatchObject({ status: 200 });
    const rows = await on.database.query<{ member: string }>(
      'select member from directory.client_logo where tenant_id = $1 order by member',
      [tenant],
    );
    expect(rows.map(({ member }) => member)).toEqual(['logo_uri', 'logo_uri#de']);
  });
});
