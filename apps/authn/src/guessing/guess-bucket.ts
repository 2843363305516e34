import type { RecordedEvent } from '@signet/contracts';
import { eventParameter, ignoredRow, statement, type Database } from '@signet/persistence';
import type { Rate } from '@signet/service';
import { z } from 'zod';

const guessKind = z.enum([
  'account',
  'device',
  'network',
  'user_code_network',
  'user_code_session',
  'setup_code_network',
]);
export type GuessKind = z.infer<typeof guessKind>;

/** One bucket that a guess draws from. */
export interface Guess {
  readonly kind: GuessKind;
  /** SHA-256. */
  readonly key: Buffer;
  readonly rate: Rate;
}

// excluded.tokens is one less than a full bucket; its full_at is an empty one's time to fill.
const refilled = `least(
  excluded.tokens + 1,
  bucket.tokens + (excluded.tokens + 1) * extract(epoch from excluded.refilled_at - bucket.refilled_at)
    / extract(epoch from excluded.full_at - excluded.refilled_at)
)`;

/** Refills each bucket for the time that has passed and takes one token, where there is one; one row a bucket. */
const take = (which: string) => `
insert into guess_bucket as bucket (tenant_id, kind, key, tokens, refilled_at, allowed, full_at)
select $1, guess.kind, guess.key, guess.count - 1, moment.now, true, moment.now + guess.seconds * interval '1 second'
from unnest($2::text[], $3::bytea[], $4::float8[], $5::float8[]) with ordinality as guess (kind, key, count, seconds, place)
cross join (select clock_timestamp() as now) as moment
where ${which}
order by guess.place
on conflict (tenant_id, kind, key) do update set
  tokens = greatest(0, ${refilled} - case when ${refilled} >= 1 then 1 else 0 end),
  allowed = ${refilled} >= 1,
  refilled_at = greatest(bucket.refilled_at, excluded.refilled_at),
  full_at = excluded.full_at
returning kind, allowed, tokens`;

/** Takes from the first bucket, and from the others only where that had a token; one row for each that was asked. */
export const takeGuesses = statement<
  { tenantId: string; guesses: readonly Guess[] },
  { kind: GuessKind; allowed: boolean; tokens: number }
>({
  name: 'authn.guess-bucket.take',
  text: `with first as (${take('guess.place = 1')}
), others as (${take('guess.place > 1 and not exists (select from first where not allowed)')}
)
select * from first union all select * from others`,
  parameters: ({ tenantId, guesses }) => [
    tenantId,
    guesses.map(({ kind }) => kind),
    guesses.map(({ key }) => key),
    guesses.map(({ rate }) => rate.count),
    guesses.map(({ rate }) => rate.seconds),
  ],
  row: z.object({ kind: guessKind, allowed: z.boolean(), tokens: z.number() }),
});

/** A right password was no guess: its tokens go back, with the record of the sign-in. */
export const recordSignIn = statement<
  { tenantId: string; guesses: readonly Guess[]; succeeded: RecordedEvent },
  unknown
>({
  name: 'authn.sign-in.record',
  text: `
with given_back as (
  update guess_bucket set tokens = guess_bucket.tokens + 1
  from unnest($2::text[], $3::bytea[]) as guess (kind, key)
  where guess_bucket.tenant_id = $1 and guess_bucket.kind = guess.kind and guess_bucket.key = guess.key
)
select record_event($4::jsonb, 1, null)`,
  parameters: ({ tenantId, guesses, succeeded }) => [
    tenantId,
    guesses.map(({ kind }) => kind),
    guesses.map(({ key }) => key),
    eventParameter(succeeded),
  ],
  row: ignoredRow,
  records: true,
});

const forgetSomeFull = statement<{ limit: number }, unknown>({
  name: 'authn.guess-bucket.forget',
  text: `delete from guess_bucket where (tenant_id, kind, key) in (
    select tenant_id, kind, key from guess_bucket where full_at < clock_timestamp() limit $1
    for update skip locked
  ) returning 1`,
  parameters: ({ limit }) => [limit],
  row: ignoredRow,
});

/** A full bucket says what none says. `batch` at a time until none is left: whoever makes up names makes buckets as fast as they are let. */
export async function forgetFullBuckets(database: Pick<Database, 'execute'>, batch = 10_000): Promise<void> {
  while ((await database.execute(forgetSomeFull, { limit: batch })).length === batch);
}
