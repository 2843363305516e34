import type { Migration } from '@signet/persistence';

/** Organisations come later; what will belong to one has its column already. */
export const directory: Migration = {
  name: 'directory',
  up: `
create table tenant (
  id uuid primary key,
  slug text not null constraint tenant_slug unique,
  issuer text not null constraint tenant_issuer unique,
  name text not null,
  enabled boolean not null,
  policies jsonb not null,
  branding jsonb not null,
  version integer not null check (version > 0),
  catalogue_version integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

-- Every token and id token names the issuer, and relying parties keep it: it is never another.
create function refuse_new_issuer() returns trigger language plpgsql as $$
begin
  raise exception 'the issuer of a tenant is immutable' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger tenant_issuer_immutable before update on tenant
  for each row when (old.issuer is distinct from new.issuer) execute function refuse_new_issuer();

create table resource_server (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  identifier text not null,
  name text not null,
  access_token_signing_alg text not null,
  version integer not null check (version > 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint resource_server_identifier unique (tenant_id, identifier)
);

create table scope (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  description text not null,
  resource_server text,
  version integer not null check (version > 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint scope_name unique (tenant_id, name),
  foreign key (tenant_id, resource_server) references resource_server (tenant_id, identifier)
);

create table client (
  tenant_id uuid not null references tenant (id),
  client_id text not null,
  enabled boolean not null,
  name text not null,
  client_uri text,
  redirect_uris text[] not null,
  post_logout_redirect_uris text[] not null,
  grant_types text[] not null,
  response_types text[] not null,
  token_endpoint_auth_method text not null,
  require_pkce boolean not null,
  scopes text[] not null,
  id_token_signed_response_alg text not null,
  access_token_alg text,
  consent text not null,
  profile text not null,
  default_max_age integer,
  require_auth_time boolean not null,
  introspects text[] not null,
  -- What RFC 7591 and OpenID Connect Registration know beyond the columns, client_name#fr and its like among it.
  metadata jsonb not null default '{}',
  version integer not null check (version > 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, client_id)
);

create table client_secret (
  tenant_id uuid not null,
  client_id text not null,
  hash bytea not null check (octet_length(hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  primary key (tenant_id, client_id, hash),
  foreign key (tenant_id, client_id) references client (tenant_id, client_id) on delete cascade
);

create table role (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  description text not null,
  version integer not null check (version > 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint role_name unique (tenant_id, name)
);

create table "group" (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  organisation_id uuid,
  name text not null,
  display_name text not null,
  version integer not null check (version > 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint group_name unique nulls not distinct (tenant_id, organisation_id, name)
);

create table group_role (
  tenant_id uuid not null,
  group_id uuid not null,
  role_id uuid not null,
  primary key (tenant_id, group_id, role_id),
  foreign key (tenant_id, group_id) references "group" (tenant_id, id) on delete cascade,
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade
);
create index group_role_role on group_role (tenant_id, role_id);

create table account (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  sub text not null,
  status text not null check (status in ('active', 'disabled')),
  username text not null,
  claims jsonb not null default '{}',
  version integer not null check (version > 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  -- A deleted account stays as a tombstone: its sub and its identifiers are never anybody else's.
  deleted_at timestamptz,
  primary key (tenant_id, id),
  constraint account_sub unique (tenant_id, sub)
);

create table account_identifier (
  tenant_id uuid not null,
  -- NFKC and case-folded: what is compared. What is displayed stands beside it.
  identifier_key text not null,
  account_id uuid not null,
  kind text not null check (kind in ('username')),
  displayed text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, identifier_key),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index account_identifier_account on account_identifier (tenant_id, account_id);

create table membership (
  tenant_id uuid not null,
  group_id uuid not null,
  account_id uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, group_id, account_id),
  foreign key (tenant_id, group_id) references "group" (tenant_id, id) on delete cascade,
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index membership_account on membership (tenant_id, account_id);

create table account_role (
  tenant_id uuid not null,
  account_id uuid not null,
  role_id uuid not null,
  organisation_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  constraint account_role_once unique nulls not distinct (tenant_id, account_id, role_id, organisation_id),
  foreign key (tenant_id, account_id) references account (tenant_id, id),
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade
);
create index account_role_role on account_role (tenant_id, role_id);

create function touch() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;
create trigger touch before update on tenant for each row execute function touch();
create trigger touch before update on resource_server for each row execute function touch();
create trigger touch before update on scope for each row execute function touch();
create trigger touch before update on client for each row execute function touch();
create trigger touch before update on role for each row execute function touch();
create trigger touch before update on "group" for each row execute function touch();
create trigger touch before update on account for each row execute function touch();

-- Plans that changed something, with what was answered: a repeat is answered the same.
create table configuration_plan (
  plan_id uuid primary key,
  digest text not null,
  response jsonb not null,
  applied_at timestamptz not null default clock_timestamp()
);
`,
};
