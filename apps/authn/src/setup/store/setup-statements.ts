import { accountClaims, accountId, eventId, tenantId, type Micros, type RecordedEvent } from '@signet/contracts';
import { eventParameter, ignoredRow, int8, micros, microsOf, statement } from '@signet/persistence';
import { z } from 'zod';

/** open ─claimed by a right code─▶ claimed ─the account is made─▶ finished; back to open where it cannot be made. */
export const setupState = z.enum(['open', 'expired', 'claimed', 'finished']);

const state = `case when finished_at is not null then 'finished' when claimed_at is not null then 'claimed'
    when expires_at <= clock_timestamp() then 'expired' else 'open' end`;

const bytes = (digest: string) => Buffer.from(digest, 'base64url');

export interface Opening {
  readonly tenantId: string;
  readonly id: string;
  readonly hash: string;
  readonly lifetime: number;
  readonly unlessOpen: boolean;
  readonly opened: RecordedEvent;
}

/** In the place of an earlier code; never of one that is claimed and not finished. */
export const openSetupCode = statement<Opening, { expiresAt: Micros }>({
  name: 'authn.setup.open',
  text: `
insert into setup as known (tenant_id, id, hash, expires_at, version)
values ($1, $2, $3, clock_timestamp() + $4 * interval '1 second', 1)
on conflict (tenant_id) do update set
  id = excluded.id, hash = excluded.hash, expires_at = excluded.expires_at, version = excluded.version,
  claimed_at = null, account_id = null, username = null, claims = null, tried_at = null, finished_at = null
where case when known.claimed_at is null then not $5 or known.expires_at <= clock_timestamp() else known.finished_at is not null end
returning ${microsOf('expires_at')} as "expiresAt", record_event($6::jsonb, 1)`,
  parameters: (p) => [p.tenantId, p.id, bytes(p.hash), p.lifetime, p.unlessOpen, eventParameter(p.opened)],
  row: z.object({ expiresAt: micros }),
  records: true,
});

export interface FoundSetup {
  readonly id: z.infer<typeof eventId>;
  readonly state: z.infer<typeof setupState>;
  readonly expiresAt: Micros;
  /** `hash` is that of its code, and the code's time is not up. */
  readonly matches: boolean;
}

export const findSetup = statement<{ tenantId: string; hash: string | undefined }, FoundSetup>({
  name: 'authn.setup.find',
  text: `select id, ${state} as state, ${microsOf('expires_at')} as "expiresAt",
    coalesce(hash = $2, false) and expires_at > clock_timestamp() as matches
  from setup where tenant_id = $1`,
  parameters: ({ tenantId: tenant, hash }) => [tenant, hash === undefined ? null : bytes(hash)],
  row: z.object({ id: eventId, state: setupState, expiresAt: micros, matches: z.boolean() }),
});

export interface Claim {
  readonly tenantId: string;
  readonly id: string;
  readonly hash: string;
  readonly accountId: string;
  readonly username: string;
  readonly claims: z.infer<typeof accountClaims>;
  readonly passwordHash: string;
  readonly claimed: RecordedEvent;
  readonly passwordSet: RecordedEvent;
}

/** Spends the code, once: whom it is for and their password are kept by the same statement, so that nobody is made who cannot sign in. */
export const claimSetup = statement<Claim, unknown>({
  name: 'authn.setup.claim',
  text: `
with claimed as (
  update setup set
    claimed_at = clock_timestamp(), account_id = $4, username = $5, claims = $6, tried_at = clock_timestamp(), version = version + 1
  where tenant_id = $1 and id = $2 and hash = $3 and claimed_at is null and expires_at > clock_timestamp()
  returning tenant_id, account_id, record_event($8::jsonb, version)
), kept as (
  insert into password (tenant_id, account_id, hash, changed_at, version)
  select tenant_id, account_id, $7, clock_timestamp(), 1 from claimed
  returning record_event($9::jsonb, 1)
)
select 1 from claimed`,
  parameters: (p) => [
    ...[p.tenantId, p.id, bytes(p.hash), p.accountId, p.username, JSON.stringify(p.claims), p.passwordHash],
    ...[eventParameter(p.claimed), eventParameter(p.passwordSet)],
  ],
  row: ignoredRow,
  records: true,
});

/** Whom the directory has yet to make. */
export const claimedSetup = z.object({
  tenantId,
  id: eventId,
  accountId,
  username: z.string(),
  claims: accountClaims.pick({ name: true, email: true }),
});
export type ClaimedSetup = z.infer<typeof claimedSetup>;

/** Those whose claim was not finished by whoever made it; one turn in ten seconds each, over all replicas. */
export const takeUnfinished = statement<undefined, ClaimedSetup>({
  name: 'authn.setup.take-unfinished',
  text: `update setup set tried_at = clock_timestamp() where tried_at < clock_timestamp() - interval '10 seconds'
  returning tenant_id as "tenantId", id, account_id as "accountId", username, claims`,
  parameters: () => [],
  row: claimedSetup,
});

interface Ending {
  readonly claimed: Pick<ClaimedSetup, 'tenantId' | 'id' | 'accountId'>;
  readonly event: RecordedEvent;
}

const parametersOf = ({ claimed, event }: Ending) => [
  ...[claimed.tenantId, claimed.id, claimed.accountId],
  eventParameter(event),
];

/** The account is made; who it is for is the directory's alone from now on. */
export const finishSetup = statement<Ending, { version: number }>({
  name: 'authn.setup.finish',
  text: `update setup set finished_at = clock_timestamp(), username = null, claims = null, tried_at = null, version = version + 1
  where tenant_id = $1 and id = $2 and account_id = $3 and finished_at is null
  returning version, record_event($4::jsonb, version)`,
  parameters: parametersOf,
  row: z.object({ version: int8 }),
  records: true,
});

/** The account cannot be made: the code is good for another one, and nothing of this one is kept. */
export const releaseSetup = statement<Ending, { version: number }>({
  name: 'authn.setup.release',
  text: `
with released as (
  update setup set
    claimed_at = null, account_id = null, username = null, claims = null, tried_at = null, version = version + 1
  where tenant_id = $1 and id = $2 and account_id = $3 and finished_at is null
  returning tenant_id, version, record_event($4::jsonb, version)
), forgotten as (
  delete from password using released where password.tenant_id = released.tenant_id and password.account_id = $3
)
select version from released`,
  parameters: parametersOf,
  row: z.object({ version: int8 }),
  records: true,
});
