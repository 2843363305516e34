import { sessionId, sidOf } from '@signet/contracts';
import { int8, micros, microsOf } from '@signet/persistence';
import type { GrantFacts } from '@signet/protocol';
import { z } from 'zod';

/** The columns of a code or a family that its tokens are made of. `online`: SQL, whether they end with the session. */
export function factsColumns(row: string, online: string): string {
  return `${row}.client_id, ${row}.instance_id, ${row}.grant_id, ${row}.account_id, ${row}.sub, ${row}.session_id, ${row}.scopes, ${row}.resources,
    ${row}.acr, ${row}.amr, ${microsOf(`${row}.since`)} as since, ${microsOf(`${row}.auth_time`)} as auth_time,
    ${online} as online, ${microsOf(`${row}.session_expires_at`)} as session_expires_at,
    ${row}.id_token_claims, ${row}.userinfo_claims, (select value from epoch) as epoch`;
}

export const factsRow = z.object({
  client_id: z.string(),
  instance_id: z.string(),
  grant_id: z.string(),
  account_id: z.string(),
  sub: z.string(),
  session_id: sessionId,
  scopes: z.array(z.string()),
  resources: z.array(z.string()),
  acr: z.string(),
  amr: z.array(z.string()),
  since: micros,
  auth_time: micros,
  online: z.boolean(),
  session_expires_at: micros.nullable(),
  id_token_claims: z.array(z.string()),
  userinfo_claims: z.array(z.string()),
  epoch: int8,
});

export function factsOf(row: z.output<typeof factsRow>): GrantFacts {
  return {
    instance: row.instance_id,
    grant: row.grant_id,
    account: row.account_id,
    sub: row.sub,
    session: row.online ? row.session_id : undefined,
    sid: sidOf(row.session_id, row.client_id),
    since: row.since,
    scopes: row.scopes,
    resources: row.resources,
    authTime: row.auth_time,
    acr: row.acr,
    amr: row.amr,
    claims: { idToken: row.id_token_claims, userinfo: row.userinfo_claims },
    expiresAt: row.online ? (row.session_expires_at ?? undefined) : undefined,
  };
}
