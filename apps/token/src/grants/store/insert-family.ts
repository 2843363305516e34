import { isPublicClient, type Client } from '@signet/protocol';

/**
 * SQL: the family of a `redeemed` row (a code or a device, with `online`), where its client may refresh. Each member of `p` is the name of
 * a parameter; idle and absolute are seconds.
 */
export const insertFamily = (
  p: Record<'refreshable' | 'id' | 'idle' | 'absolute' | 'key', string>,
) => `insert into family (tenant_id, id,
      client_id, instance_id, grant_id, account_id, sub, organisation_id, session_id, session_expires_at, since, auth_time, acr, amr, scopes,
      resources, jkt, id_token_claims, userinfo_claims, absolute_expires_at, expires_at)
    select tenant_id, ${p.id}::uuid, client_id, instance_id, grant_id, account_id, sub, organisation_id, session_id,
      case when online then session_expires_at end, since, auth_time, acr, amr, scopes, resources, ${p.key}, id_token_claims,
      userinfo_claims,
      redeemed_at + ${p.absolute}::bigint * interval '1 second',
      least(redeemed_at + least(${p.idle}::bigint, ${p.absolute}::bigint) * interval '1 second',
        case when online then session_expires_at end)
    from redeemed where ${p.refreshable}::boolean`;

/** RFC 9449 section 5: the refresh tokens of a public client are bound to the key; a confidential one authenticates for its own. */
export const familyKey = ({
  client,
  jkt,
}: {
  readonly client: Client;
  readonly jkt?: string | undefined;
}): string | null => (isPublicClient(client) ? (jkt ?? null) : null);
