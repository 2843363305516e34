import { accountId, sessionId, type AccountId, type Micros, type SessionId } from '@signet/contracts';
import { micros, microsOf } from '@signet/persistence';
import { z } from 'zod';

/** A live session with all that a person or an administrator is shown of it. */
export interface StoredSession {
  readonly sessionId: SessionId;
  readonly accountId: AccountId;
  readonly createdAt: Micros;
  readonly lastSeenAt: Micros;
  readonly idleExpiresAt: Micros;
  readonly expiresAt: Micros;
  readonly remembered: boolean;
  readonly userAgent: string | null;
  readonly beganIp: string | null;
  readonly seenIp: string | null;
  readonly authentications: readonly { readonly authTime: Micros; readonly acr: string; readonly amr: string[] }[];
  readonly clients: readonly { readonly clientId: string; readonly joinedAt: Micros }[];
}

/** SQL: the columns of `shownRow`, of the session `s`. */
export const shownColumns = `s.id as "sessionId", s.account_id as "accountId", ${microsOf('s.created_at')} as "createdAt",
  ${microsOf('s.last_seen_at')} as "lastSeenAt", ${microsOf('s.idle_expires_at')} as "idleExpiresAt",
  ${microsOf('s.absolute_expires_at')} as "expiresAt", s.remembered, s.user_agent as "userAgent", s.began_ip as "beganIp",
  s.seen_ip as "seenIp",
  (select coalesce(jsonb_agg(jsonb_build_object('authTime', ${microsOf('a.auth_time')}, 'acr', a.acr, 'amr', a.amr) order by a.version), '[]')
    from session_authentication a where a.tenant_id = s.tenant_id and a.session_id = s.id) as authentications,
  (select coalesce(jsonb_agg(jsonb_build_object('clientId', p.client_id, 'joinedAt', ${microsOf('p.joined_at')})
      order by p.joined_at, p.client_id), '[]')
    from participant p where p.tenant_id = s.tenant_id and p.session_id = s.id) as clients`;

export const shownRow: z.ZodType<StoredSession> = z.object({
  sessionId,
  accountId,
  createdAt: micros,
  lastSeenAt: micros,
  idleExpiresAt: micros,
  expiresAt: micros,
  remembered: z.boolean(),
  userAgent: z.string().nullable(),
  beganIp: z.string().nullable(),
  seenIp: z.string().nullable(),
  authentications: z.array(z.object({ authTime: micros, acr: z.string(), amr: z.array(z.string()) })),
  clients: z.array(z.object({ clientId: z.string(), joinedAt: micros })),
});
