import type { Migration } from '@signet/persistence';

export const organisationsAndPermissions: Migration = {
  name: 'organisations-and-permissions',
  up: `
-- authority_version: of what roles give in the tenant, groups and organisations among those that have them. Whoever is given
-- something has a version of his own; what many have by one change has this one.
alter table tenant
  add column attributes jsonb not null default '[]',
  add column authority_version integer not null default 0;

alter table resource_server add column built_in boolean not null default false;
alter table scope add column built_in boolean not null default false;
alter table role add column built_in boolean not null default false;

create table permission (
  tenant_id uuid not null,
  resource_server_id uuid not null,
  name text not null,
  description text not null,
  primary key (tenant_id, resource_server_id, name),
  foreign key (tenant_id, resource_server_id) references resource_server (tenant_id, id) on delete cascade
);

create table role_permission (
  tenant_id uuid not null,
  role_id uuid not null,
  resource_server_id uuid not null,
  name text not null,
  primary key (tenant_id, role_id, resource_server_id, name),
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade,
  -- A permission that a role gives is not taken away with its resource server unseen.
  foreign key (tenant_id, resource_server_id, name) references permission (tenant_id, resource_server_id, name)
);
create index role_permission_permission on role_permission (tenant_id, resource_server_id, name);

create table organisation (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  display_name text not null,
  enabled boolean not null,
  version integer not null check (version > 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint organisation_name unique (tenant_id, name)
);
create trigger touch before update on organisation for each row execute function touch();

create table organisation_member (
  tenant_id uuid not null,
  organisation_id uuid not null,
  account_id uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, organisation_id, account_id),
  foreign key (tenant_id, organisation_id) references organisation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index organisation_member_account on organisation_member (tenant_id, account_id);

-- What every member has in the organisation.
create table organisation_role (
  tenant_id uuid not null,
  organisation_id uuid not null,
  role_id uuid not null,
  primary key (tenant_id, organisation_id, role_id),
  foreign key (tenant_id, organisation_id) references organisation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade
);
create index organisation_role_role on organisation_role (tenant_id, role_id);

-- A role that counts in one organisation goes with the membership.
alter table account_role
  add foreign key (tenant_id, organisation_id, account_id) references organisation_member (tenant_id, organisation_id, account_id) on delete cascade;
create index account_role_organisation on account_role (tenant_id, organisation_id, account_id) where organisation_id is not null;

create table client_role (
  tenant_id uuid not null,
  client_id text not null,
  role_id uuid not null,
  primary key (tenant_id, client_id, role_id),
  foreign key (tenant_id, client_id) references client (tenant_id, client_id) on delete cascade,
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade
);
create index client_role_role on client_role (tenant_id, role_id);

alter table "group" add foreign key (tenant_id, organisation_id) references organisation (tenant_id, id);

-- The members of "child" are members of "parent".
create table group_group (
  tenant_id uuid not null,
  parent_id uuid not null,
  child_id uuid not null,
  primary key (tenant_id, parent_id, child_id),
  check (parent_id <> child_id),
  foreign key (tenant_id, parent_id) references "group" (tenant_id, id) on delete cascade,
  foreign key (tenant_id, child_id) references "group" (tenant_id, id) on delete cascade
);
create index group_group_child on group_group (tenant_id, child_id);

alter table account add column attributes jsonb not null default '{}';

-- The version of RFC 9562 section 5.7, for rows that a migration makes.
create function uuid_v7() returns uuid language sql volatile as $$
  select encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

-- What Signet itself has in a tenant: the Management API as a resource server, and roles over it.
create function make_built_ins(tenant uuid) returns void language plpgsql as $$
declare
  server uuid := uuid_v7();
  collection text;
begin
  insert into resource_server (tenant_id, id, identifier, name, access_token_signing_alg, version, built_in)
    values (tenant, server, 'urn:signet:management', 'Signet', 'ES256', 1, true);
  insert into scope (tenant_id, id, name, description, resource_server, version, built_in) values
    (tenant, uuid_v7(), 'signet:admin', 'Administer Signet as far as you may', 'urn:signet:management', 1, true),
    (tenant, uuid_v7(), 'signet:scim', 'Provision accounts and groups', 'urn:signet:management', 1, true);
  foreach collection in array array['tenants', 'organisations', 'accounts', 'groups', 'roles', 'resource-servers', 'scopes',
    'clients', 'credentials', 'keys', 'grants', 'sessions', 'events', 'scim'] loop
    insert into permission (tenant_id, resource_server_id, name, description) values
      (tenant, server, collection || ':read', ''), (tenant, server, collection || ':write', '');
  end loop;
  insert into role (tenant_id, id, name, description, version, built_in) values
    (tenant, uuid_v7(), 'signet:administrator', 'Everything that can be administered', 1, true),
    (tenant, uuid_v7(), 'signet:auditor', 'Sees everything and changes nothing', 1, true),
    (tenant, uuid_v7(), 'signet:provisioner', 'Keeps accounts and groups by SCIM', 1, true);
  insert into role_permission (tenant_id, role_id, resource_server_id, name)
    select tenant, role.id, server, permission.name
    from role join permission on permission.tenant_id = tenant and permission.resource_server_id = server and (
      role.name = 'signet:administrator'
      or role.name = 'signet:auditor' and permission.name like '%:read'
      or role.name = 'signet:provisioner' and permission.name like 'scim:%')
    where role.tenant_id = tenant and role.built_in;
end
$$;

-- Names that are Signet's own from now on; nothing that is called so by chance may seem to be.
update role set name = 'renamed-' || name where name like 'signet:%';
update scope set name = 'renamed-' || name where name like 'signet:%';
select make_built_ins(id) from tenant;
update tenant set catalogue_version = catalogue_version + 1;
-- A file that stands says more of its objects than it did.
update configuration_plan set fingerprint = null;
`,
};
