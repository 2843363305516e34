import type { Migration } from '@signet/persistence';

/** docs/erasure.md; docs/adr/0013 about the identifiers of erased accounts. */
export const accountLifecycle: Migration = {
  name: 'account-lifecycle',
  up: `
alter table account
  -- By the tenant's policy at the deletion; from then on the account is erased.
  add column restorable_until timestamptz,
  add column erased_at timestamptz,
  add constraint account_erased check (erased_at is null or deleted_at is not null),
  add constraint account_erased_whole check (erased_at is null or (username = '' and claims = '{}' and attributes = '{}' and external_id is null));
update account set restorable_until = deleted_at + interval '30 days' where deleted_at is not null;
alter table account add constraint account_restorable check ((deleted_at is null) = (restorable_until is null));
create index account_due on account (restorable_until) where erased_at is null and restorable_until is not null;

-- For the hashes of identifiers that are nobody's any more; two random UUIDs are 244 random bits, and a volatile default gives each row its own.
alter table tenant add column identifier_hash_key bytea not null
  default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

create table erased_identifier (
  tenant_id uuid not null,
  hash bytea not null check (octet_length(hash) = 32),
  account_id uuid not null,
  primary key (tenant_id, hash),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);

create function erased_identifier_hash(key bytea, identifier_key text) returns bytea language sql immutable parallel safe as $$
  select sha256(key || sha256(key || convert_to(identifier_key, 'UTF8')))
$$;

-- Whoever writes: what an erased account was called is never anybody else's. It fails as for an account that is there. It looks after the
-- row is there: whoever waited for an erasure to commit, which had the name until then, sees what that left.
create function refuse_erased_identifier() returns trigger language plpgsql as $$
begin
  if exists (
    select from erased_identifier erased join tenant on tenant.id = erased.tenant_id
    where erased.tenant_id = new.tenant_id and erased.hash = erased_identifier_hash(tenant.identifier_hash_key, new.identifier_key)
  ) then
    raise exception 'the identifier of an erased account' using errcode = 'unique_violation', constraint = 'account_identifier_pkey';
  end if;
  return null;
end
$$;
create trigger account_identifier_erased after insert or update of identifier_key on account_identifier
  for each row execute function refuse_erased_identifier();

-- What a plan was answered names the accounts that it declared.
create index configuration_plan_response on configuration_plan using gin (response jsonb_path_ops);

-- Services that have not said yet that they keep nothing of an erased account.
create table unforgotten (
  tenant_id uuid not null,
  account_id uuid not null,
  keeper text not null,
  -- Of the floors that must be committed before anybody is asked.
  raise_id uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, account_id, keeper),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index unforgotten_created on unforgotten (created_at);
`,
};
