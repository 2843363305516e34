import { z } from 'zod';
import type { Migration } from './migrate.js';
import { bytea, ignoredRow } from './row-types.js';
import { statement } from './statement.js';

/** For services that create by request: what a request with an Idempotency-Key was answered, so that its repeat changes nothing more. */
export const idempotencyKeys: Migration = {
  name: 'idempotency_keys',
  up: `
create table idempotency_key (
  tenant_id uuid not null,
  principal text not null,
  key text not null,
  request_hash bytea not null check (octet_length(request_hash) = 32),
  -- Null where the answer showed a secret, which is kept nowhere.
  answer jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, principal, key)
);
create index idempotency_key_created on idempotency_key (created_at);
`,
};

export interface IdempotencyKey {
  readonly tenantId: string;
  /** Who asks: nobody else's key is the same one. */
  readonly principal: string;
  readonly key: string;
}

const keyOf = (p: IdempotencyKey) => [p.tenantId, p.principal, p.key];
const kept = `created_at > clock_timestamp() - interval '24 hours'`;

/**
 * Held until the transaction ends: false while another has it. A statement of its own before the look, since a snapshot taken
 * before the lock is had could miss the other's row.
 */
export const lockIdempotencyKey = statement<IdempotencyKey, { locked: boolean }>({
  name: 'persistence.idempotency-key.lock',
  text: `select pg_try_advisory_xact_lock(hashtextextended(concat_ws(E'\\n', 'signet idempotency', $1::uuid, $2::text, $3::text), 0)) as locked`,
  parameters: keyOf,
  row: z.object({ locked: z.boolean() }),
});

export interface KeptAnswer {
  readonly requestHash: Uint8Array;
  readonly answer: unknown;
}

export const findIdempotencyKey = statement<IdempotencyKey, KeptAnswer>({
  name: 'persistence.idempotency-key.find',
  text: `select request_hash as "requestHash", answer from idempotency_key
    where tenant_id = $1 and principal = $2 and key = $3 and ${kept}`,
  parameters: keyOf,
  row: z.object({ requestHash: bytea, answer: z.unknown() }),
});

/** Belongs in the transaction of the change. */
export const keepIdempotencyKey = statement<IdempotencyKey & KeptAnswer, unknown>({
  name: 'persistence.idempotency-key.keep',
  text: `insert into idempotency_key (tenant_id, principal, key, request_hash, answer) values ($1, $2, $3, $4, $5)
    on conflict (tenant_id, principal, key)
    do update set request_hash = excluded.request_hash, answer = excluded.answer, created_at = clock_timestamp()`,
  parameters: (p) => [...keyOf(p), p.requestHash, p.answer === undefined ? null : JSON.stringify(p.answer)],
  row: ignoredRow,
});

/** Forgets some of those that are over; gives how many. */
export const forgetIdempotencyKeys = statement<{ limit: number }, { forgotten: number }>({
  name: 'persistence.idempotency-key.forget',
  text: `with over as (select ctid from idempotency_key where not ${kept} order by created_at limit $1),
      gone as (delete from idempotency_key where ctid = any(array(select ctid from over)) returning 1)
    select count(*)::integer as forgotten from gone`,
  parameters: ({ limit }) => [limit],
  row: z.object({ forgotten: z.int() }),
});
