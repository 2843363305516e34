import { inflateSync } from 'node:zlib';
import { claimsOf, type Population } from './population.js';
import type { Replica, TokenReplicas } from './token-replicas.js';

/** Has the tenant's resource servers ask for places in status lists. */
export function wantStatusLists(mesh: TokenReplicas, { tenant }: Population): void {
  const catalogue = mesh.directory.catalogues.find(({ tenantId }) => tenantId === tenant.id);
  for (const server of catalogue?.resourceServers ?? []) server.statusList = true;
}

/** What a token says of its place. */
export function placeOf(jwt: string): { readonly idx: number; readonly uri: string } | undefined {
  const { status } = claimsOf(jwt) as { status?: { status_list: { idx: number; uri: string } } };
  return status?.status_list;
}

export const listAt = (replica: Replica, uri: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(replica.origin + new URL(uri).pathname, { headers });

/** The bit of the token in its list, as this replica serves it. */
export async function statusOf(replica: Replica, jwt: string): Promise<number> {
  const place = placeOf(jwt);
  if (place === undefined) throw new Error('the token has no place in a status list');
  const answer = await listAt(replica, place.uri);
  if (answer.status !== 200) throw new Error(`the list answers ${answer.status}`);
  const { status_list: list } = claimsOf(await answer.text()) as { status_list: { lst: string } };
  const byte = inflateSync(Buffer.from(list.lst, 'base64url'))[place.idx >> 3] ?? 0;
  return (byte >> (place.idx & 7)) & 1;
}
