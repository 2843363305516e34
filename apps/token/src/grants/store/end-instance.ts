import { reach } from '../../floors/floors.js';

/**
 * SQL: CTEs that end the instances of `source` (tenant_id, instance_id): `floored`, the new floors, and `ended`, their families.
 * The floor stays as long as an access token of the instance can live; its family does not come back.
 */
export function endInstance(p: { source: string; reason: string; familyEnded: string }): string {
  const event = `${p.familyEnded}::jsonb || jsonb_build_object('aggregate', 'family:' || family.id)`;
  return `floored as (
    insert into floor (tenant_id, kind, key, reason, expires_at, changed_at)
    select tenant_id, 'instance', instance_id::text, ${p.reason}, clock_timestamp() + ${reach} * interval '1 millisecond', clock_timestamp()
    from ${p.source}
    on conflict (tenant_id, kind, key) do nothing
    returning *
  ), ended as (
    update family set ended_at = clock_timestamp(), version = family.version + 1 from ${p.source}
    where family.tenant_id = ${p.source}.tenant_id and family.instance_id = ${p.source}.instance_id and family.ended_at is null
    returning record_event(${event}, family.version, jsonb_build_object('aggregate', 'family:' || family.id,
      'subject', 'account:' || family.account_id, 'session', family.session_id))
  )`;
}
