import {
  declaredKind,
  storedObjects,
  storedTenant,
  type DeclaredKind,
  type exportDirectoryTenant,
} from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import { z } from 'zod';
import { countOthers, findStoredTenant, pageStored } from './stored-objects/stored-statements.js';

type Answer = z.input<typeof exportDirectoryTenant.response>;
type Position = z.output<typeof exportDirectoryTenant.request>['from'];

const limit = 200;
/** Bytes of JSON, well below what a message carries. */
const most = 256 * 1024;

/** A page of what the tenant has of one kind, and where the next one begins. Throws MeshError not_found. */
export async function exportTenant(
  database: Pick<Database, 'execute' | 'first'>,
  slug: string,
  from: Position = { kind: 'resourceServers' },
): Promise<Answer> {
  const tenant = await database.first(findStoredTenant, { slug });
  if (!tenant) throw new MeshError('not_found', 'there is no such tenant');
  const { kind, after } = from;
  const rows = await database.execute(pageStored[kind], { tenantId: tenant.tenantId, after, limit });
  const page = fitting(rows);
  const last = page.at(-1);
  const [others] =
    after === undefined ? await database.execute(countOthers[kind], { tenantId: tenant.tenantId, keys: [] }) : [];
  const isWhole = page.length === rows.length && rows.length < limit;
  const next = isWhole ? following(kind) : last && { kind, after: last.key };
  return {
    tenant: storedTenant.parse(tenant.object),
    objects: z
      .object(storedObjects)
      .partial()
      .parse({ [kind]: page.map(({ object }) => object) }),
    beyond: others?.beyond ?? 0,
    ...(next && { next }),
  };
}

/** At least one. */
function fitting<T extends { readonly object: unknown }>(rows: readonly T[]): readonly T[] {
  let size = 0;
  const end = rows.findIndex(({ object }, index) => {
    size += Buffer.byteLength(JSON.stringify(object));
    return index > 0 && size > most;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

function following(kind: DeclaredKind): { kind: DeclaredKind } | undefined {
  const kinds = declaredKind.options;
  const next = kinds[kinds.indexOf(kind) + 1];
  return next && { kind: next };
}
