import type { ReservedPlace } from '../status-places.js';

/** Seconds that an entry stays after its token, which is signed a moment later than its entry is written. */
const after = 60;

/** As the one jsonb parameter of `insertEntry`. */
export const placeParameter = (place: ReservedPlace | undefined): string | null =>
  place === undefined ? null : JSON.stringify(place);

/** SQL: until when the entry of what is issued now stays. */
export const entryExpiry = (lifetime: string) => `clock_timestamp() + (${lifetime} + ${after}) * interval '1 second'`;

export const placeColumns = '(index bigint, jti text, lifetime bigint, servers text[], scopes text[])';

/**
 * SQL: gives what `row` issues its place, if its audience (RFC 9068 section 3, as the protocol has it) wants one; gives a row then. `row`: SQL,
 * with the columns that floors are held against, `online`, `scopes` and `resources`. `resources` and `scopes`: SQL, what the request asks
 * for, and empty or null where it says nothing.
 */
export const insertEntry = (p: {
  readonly row: string;
  readonly place: string;
  readonly resources: string;
  readonly scopes: string;
}) => `insert into status_entry (tenant_id, index, jti, instance_id, grant_id, session_id, account_id, client_id, since, expires_at)
    select r.tenant_id, place.index, place.jti, r.instance_id, r.grant_id, case when r.online then r.session_id end, r.account_id,
      r.client_id, r.since, ${entryExpiry('place.lifetime')}
    from ${p.row} r, jsonb_to_record(${p.place}::jsonb) as place ${placeColumns}
    where place.index is not null and case
      when cardinality(${p.resources}::text[]) > 0 then ${p.resources}::text[] && place.servers
      when cardinality(r.resources) > 0 then r.resources && place.servers
      else coalesce(${p.scopes}::text[], r.scopes) && place.scopes end
    returning index`;
