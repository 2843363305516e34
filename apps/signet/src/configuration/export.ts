import {
  declaredKind,
  exportDirectoryTenant,
  listTenants,
  standardScopes,
  type DeclaredKind,
  type StoredTenantMembers,
} from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import { Document, YAMLSeq, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { fileMembers, fileObjectOf, fileTenant, nameOf, terse, terseTenant, type FileObject } from './file-objects.js';

type Requests = Pick<Requester, 'request'>;

/** Every tenant's slug, the default one first, then by name. */
export async function allSlugs(requester: Requests): Promise<string[]> {
  const limit = 1_000;
  const slugs: string[] = [];
  for (let after = {}, more = true; more;) {
    const { tenants } = await requester.request(listTenants, { ...after, limit });
    slugs.push(...tenants.map(({ slug }) => slug));
    const last = tenants.at(-1);
    after = last ? { after: last.id } : {};
    more = tenants.length === limit;
  }
  return slugs.sort((a, b) => Number(b === 'default') - Number(a === 'default') || inOrder(a, b));
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const heading = ` What the directory has, as signet apply takes it. The secrets of clients are not known here: set the variables to what they
 are, or they change. Passwords are left out, and stay as they are.`;

/** A signet.yaml of these tenants: the same for the same content, in whatever order it came to be. */
export async function exported(slugs: readonly string[], issuer: string, requester: Requests): Promise<string> {
  const document = new Document({});
  document.commentBefore = heading;
  const tenants = new YAMLSeq();
  document.set('tenants', tenants);
  const variables = new Set<string>();
  for (const slug of slugs) tenants.add(nodeOf(document, await readTenant(slug, requester), issuer, variables));
  return document.toString({ lineWidth: 0 });
}

interface ReadTenant {
  readonly tenant: StoredTenantMembers;
  readonly objects: ReadonlyMap<DeclaredKind, readonly unknown[]>;
  readonly selfRegistered: number;
}

async function readTenant(slug: string, requester: Requests): Promise<ReadTenant> {
  const objects = new Map<DeclaredKind, unknown[]>(declaredKind.options.map((kind) => [kind, []]));
  let selfRegistered = 0;
  for (let from = {}; ;) {
    const page = await requester.request(exportDirectoryTenant, { slug, ...from });
    for (const [kind, list] of objects) list.push(...(page.objects[kind] ?? []));
    selfRegistered += page.beyond;
    if (!page.next) return { tenant: page.tenant, objects, selfRegistered };
    from = { from: page.next };
  }
}

function nodeOf(
  document: Document,
  { tenant, objects, selfRegistered }: ReadTenant,
  issuer: string,
  variables: Set<string>,
): YAMLMap {
  const node = document.createNode(literal(terseTenant(fileTenant(tenant, issuer)))) as YAMLMap;
  for (const [kind, stored] of objects) {
    const list = new YAMLSeq();
    const named = stored.map((each) => ({ each, object: fileObjectOf(kind, each) }));
    for (const { each, object } of named.sort((a, b) => inOrder(nameOf(kind, a.object), nameOf(kind, b.object)))) {
      if (kind === 'scopes' && isStandard(object)) continue;
      const item = document.createNode(literal(terse(kind, object))) as YAMLMap;
      if (kind === 'clients') addSecret(item, each, tenant.slug, variables);
      list.add(item);
    }
    if (list.items.length > 0) node.set(fileMembers[kind], list);
  }
  if (selfRegistered > 0) node.comment = ` ${selfRegistered} clients that registered themselves are not here.`;
  return node;
}

/** Every tenant has these, whether its file names them or not. */
const isStandard = ({ name, description, resource_server: server }: FileObject): boolean =>
  server === undefined && standardScopes.some((scope) => scope.name === name && scope.description === description);

const withSecrets = z.object({ clientId: z.string(), secrets: z.int() });

/** `${env:SIGNET_<TENANT>_<CLIENT>_SECRET}`, numbered where two would be the same. */
function addSecret(item: YAMLMap, client: unknown, slug: string, variables: Set<string>): void {
  const { clientId, secrets } = withSecrets.parse(client);
  if (secrets === 0) return;
  const base = `SIGNET_${slug}_${clientId}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  let variable = `${base}_SECRET`;
  for (let number = 2; variables.has(variable); number += 1) variable = `${base}_${number}_SECRET`;
  variables.add(variable);
  item.set('client_secret', `\${env:${variable}}`);
  if (secrets > 1) item.comment = ` It has ${secrets} secrets; what is applied from a file is one.`;
}

/** The same with nothing in it that the reader of the file would fill in. */
function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${env:', '${env:DOLLAR:-$}{env:');
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, literal(each)]));
}
