import { sidOf, type SessionId, type Tenant } from '@signet/contracts';
import type { LogoutFrame } from '@signet/pages';
import { isVouchedFor, withQuery, type Client } from '@signet/protocol';
import { participants } from '../store/participants.js';
import type { LogoutDeps } from './logout-deps.js';

const mostFrames = 20;
/** Characters of the origins that the page's header names: proxies take 4 KiB of headers by themselves. */
const headerRoom = 2_048;

/**
 * OpenID Connect Front-Channel Logout 1.0 sections 2 and 3: the frames in which clients of a session are told of its end, each with
 * iss and sid. Where there are too many, clients that nobody vouches for come last.
 */
export function logoutFramesOf(
  clients: readonly Client[],
  { issuer }: Pick<Tenant, 'issuer'>,
  sessionId: SessionId,
): LogoutFrame[] {
  const vouchedForFirst = [...clients].sort((one, other) => Number(isVouchedFor(other)) - Number(isVouchedFor(one)));
  const frames: LogoutFrame[] = [];
  let room = headerRoom;
  for (const { clientId, name, frontchannelLogoutUri: uri } of vouchedForFirst) {
    if (uri === undefined || frames.length === mostFrames) continue;
    const query = new URLSearchParams({ iss: issuer, sid: sidOf(sessionId, clientId) });
    const src = withQuery(uri, query.toString());
    room -= new URL(src).origin.length + 1;
    if (room >= 0) frames.push({ name, src });
  }
  return frames;
}

/** The frames for the clients that take part in a session. One that cannot be read now goes without: a logout waits for nobody. */
export async function framesOfSession(
  { database, copies }: Pick<LogoutDeps, 'database' | 'copies'>,
  tenant: Tenant,
  sessionId: SessionId,
): Promise<LogoutFrame[]> {
  const rows = await database.execute(participants, { tenantId: tenant.id, sessionId });
  const read = await Promise.allSettled(rows.map(({ clientId }) => copies.client(tenant.id, clientId)));
  const clients = read.flatMap((each) => (each.status === 'fulfilled' && each.value?.enabled ? [each.value] : []));
  return logoutFramesOf(clients, tenant, sessionId);
}
