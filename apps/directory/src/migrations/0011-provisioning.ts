import type { Migration } from '@signet/persistence';

export const provisioning: Migration = {
  name: 'provisioning',
  up: `
-- What a provisioning client calls an account or a group (RFC 7643 section 3.1).
alter table account add column external_id text;
alter table "group" add column external_id text;
create unique index account_external_id on account (tenant_id, external_id) where external_id is not null and deleted_at is null;
create unique index group_external_id on "group" (tenant_id, external_id) where external_id is not null;

-- What a filter or an order of SCIM asks for, an index each.
create index account_updated on account (tenant_id, updated_at, id) where deleted_at is null;
create index account_status on account (tenant_id, status, id) where deleted_at is null;
create index account_username on account (tenant_id, lower(username), id) where deleted_at is null;
create index account_identifier_prefix on account_identifier (tenant_id, identifier_key text_pattern_ops);
create index group_updated on "group" (tenant_id, updated_at, id);
create index group_display_name on "group" (tenant_id, lower(display_name) text_pattern_ops);

-- The addresses of an account, in lower case, each with its tenant before it, so that one index of words holds all tenants'.
create function account_email_keys(tenant_id uuid, claims jsonb, attributes jsonb) returns text[] language sql immutable parallel safe as $$
  select array(
    select tenant_id::text || ' ' || lower(email)
    from (
      select claims ->> 'email' as email
      union
      select listed ->> 'value'
      from jsonb_array_elements(case jsonb_typeof(attributes -> 'emails') when 'array' then attributes -> 'emails' else '[]' end) listed
    ) known
    where email is not null)
$$;
create index account_email_keys on account using gin (account_email_keys(tenant_id, claims, attributes)) with (fastupdate = off)
  where deleted_at is null;
`,
};
