import {
  accountId,
  accountStatus,
  tenantId,
  type Account,
  type AccountId,
  type EventId,
  type TenantId,
} from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';

export interface AccountKey {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
}

export interface LivingAccount {
  readonly version: number;
  readonly status: Account['status'];
  readonly deleted: boolean;
  readonly erased: boolean;
  /** Deleted, and within its grace period. */
  readonly restorable: boolean;
}

export const lockAccount = statement<AccountKey, LivingAccount>({
  name: 'directory.account.lock-life',
  text: `select version, status, deleted_at is not null as deleted, erased_at is not null as erased,
      coalesce(restorable_until > clock_timestamp(), false) as restorable
    from account where tenant_id = $1 and id = $2 for no key update`,
  parameters: (p) => [p.tenantId, p.accountId],
  row: z.object({
    version: z.int().positive(),
    status: accountStatus,
    deleted: z.boolean(),
    erased: z.boolean(),
    restorable: z.boolean(),
  }),
});

/** A deleted account's, too. */
export const findByIdentifier = statement<{ tenantId: TenantId; identifierKey: string }, { accountId: AccountId }>({
  name: 'directory.account.find-identified',
  text: 'select account_id as "accountId" from account_identifier where tenant_id = $1 and identifier_key = $2',
  parameters: (p) => [p.tenantId, p.identifierKey],
  row: z.object({ accountId }),
});

interface Versioned extends AccountKey {
  readonly version: number;
}

const versioned = (p: Versioned) => [p.tenantId, p.accountId, p.version];

/** Everything of it stays, and nobody is it: its identifiers are its own still. */
export const markDeleted = statement<Versioned & { graceByDefault: number }, unknown>({
  name: 'directory.account.delete',
  text: `update account set deleted_at = clock_timestamp(), version = $3, restorable_until = clock_timestamp() + interval '1 second' * (
      select coalesce((policies ->> 'deletedAccountGrace')::integer, $4) from tenant where tenant.id = account.tenant_id)
    where tenant_id = $1 and id = $2`,
  parameters: (p) => [...versioned(p), p.graceByDefault],
  row: ignoredRow,
});

/** What a provisioning client calls it may be another account's by now. */
export const markRestored = statement<Versioned, unknown>({
  name: 'directory.account.restore',
  text: `update account set deleted_at = null, restorable_until = null, version = $3, external_id = (
      select account.external_id where not exists (
        select from account other where other.tenant_id = account.tenant_id and other.external_id = account.external_id and other.deleted_at is null))
    where tenant_id = $1 and id = $2`,
  parameters: versioned,
  row: ignoredRow,
});

/**
 * What stays is that there was an account: its id and sub, and keyed hashes of its identifiers, so that neither is ever anybody else's. The seed is
 * another one, or pairwise subjects of before could be told to be of one person.
 */
export const eraseAccountRow = statement<Versioned & { keepers: readonly string[]; raiseId: EventId }, unknown>({
  name: 'directory.account.erase',
  text: `
with erased as (
  update account set
    username = '', claims = '{}', attributes = '{}', external_id = null,
    pairwise_seed = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
    deleted_at = coalesce(deleted_at, clock_timestamp()), restorable_until = coalesce(restorable_until, clock_timestamp()),
    erased_at = clock_timestamp(), version = $3
  where tenant_id = $1 and id = $2
), unnamed as (
  delete from account_identifier where tenant_id = $1 and account_id = $2 returning tenant_id, identifier_key, account_id
), known as (
  insert into erased_identifier (tenant_id, hash, account_id)
  select tenant_id, erased_identifier_hash(tenant.identifier_hash_key, identifier_key), account_id
  from unnamed join tenant on tenant.id = unnamed.tenant_id
  on conflict do nothing
), unanswered as (
  delete from idempotency_key where tenant_id = $1 and strpos(answer::text, 'acc_' || replace($2::text, '-', '')) > 0
), ungrouped as (
  delete from membership where tenant_id = $1 and account_id = $2
), without_role as (
  delete from account_role where tenant_id = $1 and account_id = $2
), without_organisation as (
  delete from organisation_member where tenant_id = $1 and account_id = $2
), undeclared as (
  delete from declared_object where tenant_id = $1 and kind = 'account' and id = $2::text
), unplanned as (
  delete from configuration_plan where response @> jsonb_build_object('tenants', jsonb_build_array(
    jsonb_build_object('users', jsonb_build_array(jsonb_build_object('accountId', $2::text)))))
)
insert into unforgotten (tenant_id, account_id, keeper, raise_id)
select $1, $2, keeper, $5 from unnest($4::text[]) as keeper`,
  parameters: (p) => [...versioned(p), p.keepers, p.raiseId],
  row: ignoredRow,
});

export const findDue = statement<{ limit: number }, { tenantId: TenantId; accountId: AccountId }>({
  name: 'directory.account.find-due',
  text: `select tenant_id as "tenantId", id as "accountId" from account
    where erased_at is null and restorable_until <= clock_timestamp() order by restorable_until limit $1`,
  parameters: ({ limit }) => [limit],
  row: z.object({ tenantId, accountId }),
});
